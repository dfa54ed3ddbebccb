import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type CommandHost, processHost } from '@causeway/bridge/cli';
import { stripControls } from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import { startServer } from './multiworld-server.js';
import { describeEvent } from './room/event-text.js';
import { readRoomFile } from './room/read-room.js';
import { parseServerCommandLine, SERVER_HELP, type ServerCommandLine } from './server-command-line.js';
import type { MultiworldServer } from './server-contract.js';

const INTERRUPTED = 130;

/** Says what happens: to people on stderr, to programs on stdout. */
type Tell = (event: string, fields: Readonly<Record<string, unknown>>, text: string | undefined) => void;

const teller =
  (host: CommandHost, json: boolean): Tell =>
  (event, fields, text) => {
    const time = new Date(host.clock.now()).toISOString();
    if (json) host.stdout.write(`${JSON.stringify({ time, event, ...fields })}\n`);
    // Names and chat come from other people: nothing in them may steer the terminal.
    else if (text !== undefined) host.stderr.write(`${stripControls(text, { lineBreaks: true })}\n`);
  };

const readText = async (path: string, what: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CausewayError('file_unreadable', `Cannot read the ${what} ${path}.`, { cause: error, context: { path } });
  }
};

/** The first line of a file; what follows is the person's own business. */
const readPassword = async (host: CommandHost, path: string | undefined): Promise<string | undefined> => {
  if (path === undefined) return undefined;
  const [password = ''] = (await readText(resolve(host.cwd, path), 'password file')).split(/\r?\n/, 1);
  return password === '' ? undefined : password;
};

/** Whole or not at all: a save must survive a crash in the middle of writing. */
const writeSave = (path: string, text: string): void => {
  try {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw new CausewayError('file_unwritable', `Cannot write the save ${path}.`, { cause: error, context: { path } });
  }
};

/** `/save`: a full disk is told and does not end the room. */
const saveOnRequest = (path: string | undefined, text: string, tell: Tell): void => {
  if (path === undefined) {
    tell('console', { text: 'There is no --save FILE to write to.' }, 'There is no --save FILE to write to.');
    return;
  }
  try {
    writeSave(path, text);
    tell('server.saved', { path }, `Saved to ${path}.`);
  } catch (error) {
    const { code, message, fix } = CausewayError.from(error);
    tell('error', { code, message, fix }, `! ${message}\n  ${fix}  error: ${code}`);
  }
};

const start = async (line: ServerCommandLine, host: CommandHost, tell: Tell): Promise<MultiworldServer> => {
  const savePath = line.save === undefined ? undefined : resolve(host.cwd, line.save);
  const save = savePath !== undefined && existsSync(savePath) ? await readText(savePath, 'save') : undefined;
  return await startServer({
    room: await readRoomFile(resolve(host.cwd, line.room ?? '')),
    port: line.port,
    password: await readPassword(host, line.passwordFile),
    serverPassword: await readPassword(host, line.adminPasswordFile),
    clock: host.clock,
    ...(save === undefined ? {} : { save }),
    onEvent: ({ kind, ...fields }) => tell(`room.${kind}`, fields, describeEvent({ kind, ...fields } as never)),
    onSave: (text) => saveOnRequest(savePath, text, tell),
  });
};

/** Serves until `/exit`, the end asked for by the person, or a failure. */
const serve = async (server: MultiworldServer, host: CommandHost, tell: Tell): Promise<number> => {
  let interrupted = false;
  const unsubscribe = host.onInterrupt(() => {
    interrupted = true;
    void server.stop();
  });
  const lines = createInterface({ input: host.stdin, terminal: false });
  lines.on('line', (line) => {
    if (line.trim() === '') return;
    for (const answer of server.console(line.trim())) tell('console', { text: answer }, answer);
  });
  try {
    await server.stopped;
    return interrupted ? INTERRUPTED : 0;
  } finally {
    unsubscribe();
    lines.close();
    // An open standard input would keep the process alive.
    host.stdin.pause();
  }
};

/**
 * `causeway-testbed server`: one room for clients on this machine, until stopped. Resolves with the exit code.
 *
 * Throws `usage`, `file_unreadable`, `room_invalid`, `port_in_use`, `file_unwritable`.
 */
export const runServerCommand = async (args: readonly string[], host: CommandHost = processHost()): Promise<number> => {
  const line = parseServerCommandLine(args);
  if (line.help) {
    host.stdout.write(SERVER_HELP);
    return 0;
  }
  const tell = teller(host, line.json);
  await using server = await start(line, host, tell);
  const { seed, slots } = server.room.definition;
  const names = [...slots.values()].map(({ name, game }) => `${name} (${game})`).join(', ');
  const text = `Room ${seed} is open at ${server.url} for ${names}. /help lists what you can type.`;
  tell('server.listening', { url: server.url, port: server.port, seed }, text);
  const code = await serve(server, host, tell);
  if (line.save !== undefined) writeSave(resolve(host.cwd, line.save), server.save());
  tell('server.stopped', {}, 'Stopped.');
  return code;
};
