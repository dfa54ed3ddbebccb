import { parseArgs } from 'node:util';
import { usageError } from '@causeway/bridge/cli';
import type { CommAddress } from './comm-socket.js';
import type { FrameRate } from './emulator-options.js';
import { NES_FRAMES_PER_SECOND } from './pacing.js';

/** What `causeway-testbed emulator` was asked to do. */
export interface EmulatorCommandLine {
  readonly help: boolean;
  readonly json: boolean;
  readonly rom?: string;
  readonly port?: number;
  readonly fps: Exclude<FrameRate, 'manual'>;
  readonly save?: string;
  readonly script?: string;
  readonly comm?: CommAddress;
  readonly screenshot?: string;
  /** Frames after which the picture is taken and the command ends. */
  readonly after: number;
}

export const EMULATOR_HELP = `Usage: causeway-testbed emulator [--rom FILE] [flags]

Runs a NES without a window, our connector inside, until stopped. Without --rom: the game that comes with this package.

  --rom FILE         the game, an iNES file
  --port N           port for the connector; 0 takes a free one; without it: the first free one from 43055 to 43060
  --fps N|max        frames a second (default ${NES_FRAMES_PER_SECOND}), or as fast as it goes
  --save FILE        keeps the cartridge's battery RAM there: read at start, written at the end
  --lua FILE         another script for BizHawk instead of our connector
  --comm HOST:PORT   call out to a bridge that listens there, as EmuHawk does with --socket_ip and --socket_port
  --screenshot FILE  with --after N: write the picture after N frames as PNG, then end
  --json             one JSON object per line on stdout: what happens
  --help             print this help
`;

const OPTIONS = {
  rom: { type: 'string' },
  port: { type: 'string' },
  fps: { type: 'string' },
  save: { type: 'string' },
  lua: { type: 'string' },
  comm: { type: 'string' },
  screenshot: { type: 'string' },
  after: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const parseWhole = (text: string, flag: string, max: number): number => {
  const value = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (value <= max) return value;
  throw usageError(`${flag} "${text}" is not a number it can take.`, `It takes whole numbers from 0 to ${max}.`);
};

const parseFps = (text: string): number | 'max' => {
  const value = Number(text);
  if (text === 'max') return 'max';
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= 10_000) return value;
  throw usageError(`--fps "${text}" is no frame rate.`, 'It takes a number above 0 or the word max.');
};

const parseAddress = (text: string): CommAddress => {
  const [, host, port] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (host === undefined || port === undefined) {
    throw usageError(`--comm "${text}" is no address.`, 'It takes HOST:PORT, as in 127.0.0.1:43100.');
  }
  return { host, port: parseWhole(port, '--comm', 0xffff) };
};

const parseValues = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw usageError('The command line was not understood.', error instanceof Error ? error.message : String(error));
  }
};

/** @throws `usage` */
export const parseEmulatorCommandLine = (args: readonly string[]): EmulatorCommandLine => {
  const values = parseValues(args);
  if ((values.screenshot === undefined) !== (values.after === undefined)) {
    throw usageError('--screenshot and --after go together.', 'As in --screenshot title.png --after 120.');
  }
  return {
    help: values.help,
    json: values.json,
    fps: values.fps === undefined ? NES_FRAMES_PER_SECOND : parseFps(values.fps),
    after: values.after === undefined ? 0 : parseWhole(values.after, '--after', 0x7fff_ffff),
    ...(values.rom === undefined ? {} : { rom: values.rom }),
    ...(values.port === undefined ? {} : { port: parseWhole(values.port, '--port', 0xffff) }),
    ...(values.save === undefined ? {} : { save: values.save }),
    ...(values.lua === undefined ? {} : { script: values.lua }),
    ...(values.comm === undefined ? {} : { comm: parseAddress(values.comm) }),
    ...(values.screenshot === undefined ? {} : { screenshot: values.screenshot }),
  };
};
