import { readFileSync } from 'node:fs';
import { parse, resolve } from 'node:path';
import type { CommandHost } from '@causeway/bridge/cli';
import { stripControls } from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import { buildCartridge } from '../snes-game/cartridge.js';
import { CONSOLE_HELP, type ConsoleCommandLine, parseConsoleCommandLine } from './command-line.js';
import { startConsole } from './start-console.js';

const INTERRUPTED = 130;
/** Frames between the chests that the keeper opens by itself. */
const AUTOPLAY_FRAMES = 300;

/** Says what happens: to people on stderr, to programs on stdout. */
type Tell = (event: string, fields: Readonly<Record<string, unknown>>, text: string) => void;

const teller = (host: CommandHost, json: boolean): Tell => {
  return (event, fields, text) => {
    // Clients send some of it: nothing in it may steer the terminal.
    if (!json) host.stderr.write(`${stripControls(text, { lineBreaks: true })}\n`);
    else host.stdout.write(`${JSON.stringify({ time: new Date(host.clock.now()).toISOString(), event, ...fields })}\n`);
  };
};

const cartridgeOf = ({ rom, mapping, slot }: ConsoleCommandLine, cwd: string) => {
  if (rom === undefined) {
    const file = buildCartridge({ mapping, slotName: slot, autoplay: AUTOPLAY_FRAMES });
    return { rom: file, name: `Marshlight for ${slot}` };
  }
  const path = resolve(cwd, rom);
  try {
    return { rom: Uint8Array.from(readFileSync(path)), name: parse(path).name };
  } catch (cause) {
    throw new CausewayError('file_unreadable', `cannot read the cartridge ${path}`, { cause });
  }
};

const NAMES = {
  usb2snes: 'usb2snes',
  grpc: "SNI's gRPC",
  retroarch: "RetroArch's commands (UDP)",
  nwa: 'Emulator NetworkAccess',
} as const;

const POWER = {
  started: 'The emulator is running.',
  quit: 'The emulator was ended.',
  crashed: 'The emulator crashed.',
} as const;

const play = async (line: ConsoleCommandLine, host: CommandHost, interrupted: Promise<number>): Promise<number> => {
  const tell = teller(host, line.json);
  const { ports, personality, servedAs, faults, seed, fps } = line;
  const cartridge = cartridgeOf(line, host.cwd);
  await using running = await startConsole({
    ...cartridge,
    ...ports,
    personality,
    servedAs,
    faults,
    seed,
    fps,
    clock: host.clock,
    onMessage: (text) => tell('message', { text }, `On screen: ${text}`),
    onPower: (power) => tell(`emulator.${power}`, {}, POWER[power]),
  });
  tell('console.started', { rom: cartridge.name, faults }, `${cartridge.name} is running. Ctrl+C ends it.`);
  for (const [door, name] of Object.entries(NAMES)) {
    const port = running.ports[door as keyof typeof NAMES];
    if (port !== undefined) tell('console.listening', { door, port }, `${name}: port ${port}.`);
  }
  const code = await interrupted;
  const { frame } = running.console;
  await running[Symbol.asyncDispose]();
  tell('console.stopped', { frames: frame }, `Stopped after ${frame} frames.`);
  return code;
};

/**
 * `causeway-testbed console`: a SNES behind four protocols, until stopped.
 *
 * @returns the exit code
 * @throws coded errors for `main` to print
 */
export const runConsoleCommand = async (args: readonly string[], host: CommandHost): Promise<number> => {
  const line = parseConsoleCommandLine(args);
  if (line.help) {
    host.stdout.write(CONSOLE_HELP);
    return 0;
  }
  let unsubscribe = (): void => {};
  const interrupted = new Promise<number>((done) => {
    unsubscribe = host.onInterrupt(() => done(INTERRUPTED));
  });
  try {
    return await play(line, host, interrupted);
  } finally {
    unsubscribe();
  }
};
