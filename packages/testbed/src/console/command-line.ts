import { parseArgs } from 'node:util';
import { usageError } from '@causeway/bridge/cli';
import { NWA_PORT } from '@causeway/protocol/nwa';
import { RETROARCH_PORT } from '@causeway/protocol/retroarch';
import { SNI_PORT } from '@causeway/protocol/sni';
import { USB2SNES_PORT } from '@causeway/protocol/usb2snes';
import { CARTRIDGE_MAPPINGS, type CartridgeMapping } from '../snes-game/cartridge.js';
import type { ConsolePorts, ServedAs, Usb2SnesPersonality } from './console-options.js';
import { CONSOLE_FAULTS, type ConsoleFault, isConsoleFault } from './faults.js';
import { SNES_FRAMES_PER_SECOND } from './start-console.js';

/** What `causeway-testbed console` was asked to do. */
export interface ConsoleCommandLine {
  readonly help: boolean;
  readonly json: boolean;
  readonly mapping: CartridgeMapping;
  readonly slot: string;
  readonly rom?: string;
  /** Doors that were asked for by port; all of them on their usual ports when none was. */
  readonly ports: ConsolePorts;
  readonly personality: Usb2SnesPersonality;
  readonly servedAs: ServedAs;
  readonly faults: readonly ConsoleFault[];
  readonly seed: number;
  readonly fps: number | 'max';
}

const faultLines = (): string => {
  const names = Object.entries(CONSOLE_FAULTS);
  const width = Math.max(...names.map(([name]) => name.length));
  return names.map(([name, words]) => `  ${name.padEnd(width)}  ${words}`).join('\n');
};

export const CONSOLE_HELP = `Usage: causeway-testbed console --system snes [flags]

Runs a SNES with the game Marshlight in memory, reached as consoles are reached, until stopped. Without a port: every door on
its usual port. With one or more: only those doors; port 0 takes a free one.

  --system snes        the console; there is no other yet
  --mapping KIND       how the cartridge is laid out: ${CARTRIDGE_MAPPINGS.join(', ')} (default lorom)
  --slot NAME          slot the game is made for (default Player)
  --rom FILE           another cartridge: its memory can be read and written, nothing runs
  --usb2snes PORT      websocket of SNI or QUsb2Snes (usual ${USB2SNES_PORT})
  --grpc PORT          gRPC services of SNI (usual ${SNI_PORT})
  --retroarch PORT     UDP commands of RetroArch (usual ${RETROARCH_PORT})
  --nwa PORT           Emulator NetworkAccess (usual ${NWA_PORT})
  --server NAME        usb2snes server to behave as: sni (default) or qusb2snes
  --behind NAME        emulator that usb2snes and gRPC serve: retroarch (default) or nwa
  --fault NAME         make a door do wrong what its model does; as often as wanted, see below
  --seed N             what decides where chance does (default 1)
  --fps N|max          frames a second (default ${SNES_FRAMES_PER_SECOND}), or as fast as it goes
  --json               one JSON object per line on stdout: what happens
  --help               print this help

Faults:
${faultLines()}
`;

const OPTIONS = {
  system: { type: 'string' },
  mapping: { type: 'string', default: 'lorom' },
  slot: { type: 'string', default: 'Player' },
  rom: { type: 'string' },
  usb2snes: { type: 'string' },
  grpc: { type: 'string' },
  retroarch: { type: 'string' },
  nwa: { type: 'string' },
  server: { type: 'string', default: 'sni' },
  behind: { type: 'string', default: 'retroarch' },
  fault: { type: 'string', multiple: true, default: [] as string[] },
  seed: { type: 'string', default: '1' },
  fps: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const USUAL: Required<ConsolePorts> = {
  usb2snes: USB2SNES_PORT,
  grpc: SNI_PORT,
  retroarch: RETROARCH_PORT,
  nwa: NWA_PORT,
};
const DOORS = ['usb2snes', 'grpc', 'retroarch', 'nwa'] as const;

const parseValues = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw usageError('The command line was not understood.', error instanceof Error ? error.message : String(error));
  }
};

const oneOf = <T extends string>(flag: string, text: string, words: readonly T[]): T => {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw usageError(`${flag} "${text}" is not known.`, `It takes ${words.join(', ')}.`);
};

const parseWhole = (flag: string, text: string, max: number): number => {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value <= max) return value;
  throw usageError(`${flag} "${text}" is not a number it can take.`, `It takes whole numbers from 0 to ${max}.`);
};

const parseFps = (text: string): number | 'max' => {
  const value = Number(text);
  if (text === 'max') return 'max';
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= 10_000) return value;
  throw usageError(`--fps "${text}" is no frame rate.`, 'It takes a number above 0 or the word max.');
};

const parseFault = (name: string): ConsoleFault => {
  if (isConsoleFault(name)) return name;
  throw usageError(`There is no fault "${name}".`, `There are ${Object.keys(CONSOLE_FAULTS).join(', ')}.`);
};

const parsePorts = (values: Partial<Record<(typeof DOORS)[number], string>>): ConsolePorts => {
  const asked = DOORS.flatMap((door) => {
    const text = values[door];
    return text === undefined ? [] : [[door, parseWhole(`--${door}`, text, 0xffff)] as const];
  });
  return asked.length === 0 ? USUAL : Object.fromEntries(asked);
};

/** @throws `usage` */
export const parseConsoleCommandLine = (args: readonly string[]): ConsoleCommandLine => {
  const values = parseValues(args);
  if (!values.help && values.system !== 'snes') {
    throw usageError('Which console?', 'Give --system snes; there is no other yet.');
  }
  return {
    help: values.help,
    json: values.json,
    mapping: oneOf('--mapping', values.mapping, CARTRIDGE_MAPPINGS),
    slot: values.slot,
    ports: parsePorts(values),
    personality: oneOf('--server', values.server, ['sni', 'qusb2snes']),
    servedAs: oneOf('--behind', values.behind, ['retroarch', 'nwa']),
    faults: values.fault.map(parseFault),
    seed: parseWhole('--seed', values.seed, 0xffff_ffff),
    fps: values.fps === undefined ? SNES_FRAMES_PER_SECOND : parseFps(values.fps),
    ...(values.rom === undefined ? {} : { rom: values.rom }),
  };
};
