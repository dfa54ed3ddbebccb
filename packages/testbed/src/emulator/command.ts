import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandHost } from '@causeway/bridge/cli';
import { stripControls } from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import { bundledGame } from './bundled-files.js';
import { EMULATOR_HELP, type EmulatorCommandLine, parseEmulatorCommandLine } from './command-line.js';
import { startEmulator } from './emulator.js';
import type { Emulator, EmulatorOptions } from './emulator-options.js';
import { encodePng } from './png.js';

const INTERRUPTED = 130;

/** Says what happens: to people on stderr, to programs on stdout. */
type Tell = (event: string, fields: Readonly<Record<string, unknown>>, text: string) => void;

const teller = (host: CommandHost, json: boolean): Tell => {
  return (event, fields, text) => {
    // Scripts pass on what clients send: nothing in it may steer the terminal.
    if (!json) host.stderr.write(`${stripControls(text, { lineBreaks: true })}\n`);
    else host.stdout.write(`${JSON.stringify({ time: new Date(host.clock.now()).toISOString(), event, ...fields })}\n`);
  };
};

const romPath = (line: EmulatorCommandLine, host: CommandHost): string => {
  const path = line.rom === undefined ? bundledGame() : resolve(host.cwd, line.rom);
  if (path === undefined)
    throw new CausewayError('file_unreadable', 'this copy has no game of its own: give --rom FILE');
  return path;
};

const emulatorOptions = (line: EmulatorCommandLine, host: CommandHost, tell: Tell): EmulatorOptions => ({
  rom: romPath(line, host),
  fps: line.fps,
  clock: host.clock,
  ...(line.port === undefined ? {} : { port: line.port }),
  ...(line.save === undefined ? {} : { savePath: resolve(host.cwd, line.save) }),
  ...(line.script === undefined ? {} : { script: resolve(host.cwd, line.script) }),
  ...(line.comm === undefined ? {} : { transport: { kind: 'comm', ...line.comm } as const }),
  onMessage: (text) => tell('message', { text }, `On screen: ${text}`),
  onPrint: (text) => tell('script', { text }, text),
  logger: {
    debug: () => {},
    info: () => {},
    warn: (event, fields) =>
      tell('warning', { warning: event, ...fields }, `Warning: ${event} ${JSON.stringify(fields)}`),
    error: (event, fields) => tell('error', { error: event, ...fields }, `Error: ${event} ${JSON.stringify(fields)}`),
  },
});

/** Resolves after the given number of frames, or when the emulator ends. */
const frames = (emulator: Emulator, count: number): Promise<void> => {
  return new Promise((done) => {
    const stop = emulator.onFrame((frame) => {
      if (frame < count) return;
      stop();
      done();
    });
    void emulator.closed.then(done);
  });
};

const takePicture = async (emulator: Emulator, path: string, after: number): Promise<void> => {
  await frames(emulator, after);
  const picture = emulator.machine.picture();
  if (picture === undefined) return;
  try {
    writeFileSync(path, encodePng(picture));
  } catch (cause) {
    throw new CausewayError('file_unwritable', `cannot write the picture ${path}`, { cause });
  }
};

const play = async (line: EmulatorCommandLine, host: CommandHost, interrupted: Promise<number>): Promise<number> => {
  const tell = teller(host, line.json);
  await using emulator = await startEmulator(emulatorOptions(line, host, tell));
  const { system, rom } = emulator.machine;
  tell(
    'emulator.started',
    { rom: rom.name, hash: rom.hash, system },
    `${rom.name} (${system}) is running. Ctrl+C ends it.`,
  );
  void emulator.ready.then(
    (port) => tell('emulator.listening', { port }, `The connector is on port ${port}.`),
    () => undefined,
  );
  const ends = [interrupted, emulator.closed.then(() => 0)];
  if (line.screenshot !== undefined) {
    ends.push(takePicture(emulator, resolve(host.cwd, line.screenshot), line.after).then(() => 0));
  }
  const code = await Promise.race(ends);
  await emulator.close();
  tell('emulator.stopped', { frames: emulator.frame }, `Stopped after ${emulator.frame} frames.`);
  return code;
};

/**
 * `causeway-testbed emulator`: a NES with our connector inside, until stopped.
 *
 * @returns the exit code
 * @throws coded errors for `main` to print
 */
export const runEmulatorCommand = async (args: readonly string[], host: CommandHost): Promise<number> => {
  const line = parseEmulatorCommandLine(args);
  if (line.help) {
    host.stdout.write(EMULATOR_HELP);
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
