import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { hostAndPort, parseServerAddress, type ServerAddress, socketUrl } from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import type { RUN_FLAGS } from './common-flags.js';
import type { Secrets } from './secrets.js';
import { usageError } from './usage-error.js';
import type { VerbCall } from './verb.js';

/** Where to log in, and as whom as far as the command line says. */
export interface RoomLogin {
  /** `HOST:PORT`, `ws://…` or `wss://…`; never a name or password in it. */
  readonly server: string;
  /** The room's page on the web host, where a link names it. */
  readonly room?: string;
  readonly slot?: string;
  readonly password?: string;
}

type RunCall = VerbCall<typeof RUN_FLAGS>;

/** The address alone: what a link says about the person is kept apart from it. */
const plainAddress = (address: ServerAddress): string =>
  address.scheme === undefined ? hostAndPort(address) : socketUrl(address, address.scheme);

const readPasswordFile = (file: string, folder: string): string => {
  const path = resolve(folder, file);
  try {
    // The first line, so that editors may end the file as they like.
    return readFileSync(path, 'utf8').split(/\r?\n/, 1)[0] ?? '';
  } catch (cause) {
    throw new CausewayError('file_unreadable', 'The password file cannot be read.', { cause, context: { path } });
  }
};

/** Understands the room's address as given, from `--server`, a link or the prompt. */
export const readRoomLogin = (call: RunCall, text: string): RoomLogin => {
  const { flags, host, secrets, output } = call;
  const address = parseServerAddress(text);
  if (address.password !== undefined) {
    secrets.add(address.password);
    output.note(
      'The address carries a password. Other users of this machine can see arguments: prefer --password-file.',
    );
  }
  const file = flags['password-file'];
  const password =
    file === undefined ? host.env['CAUSEWAY_PASSWORD'] || address.password : readPasswordFile(file, host.cwd);
  if (password) secrets.add(password);
  const slot = flags.slot ?? address.name;
  return {
    server: plainAddress(address),
    ...(address.room === undefined ? {} : { room: address.room }),
    ...(slot === undefined ? {} : { slot }),
    ...(password ? { password } : {}),
  };
};

/** Understands an address typed at the prompt. Name and password of the login before are forgotten: they were for that room. */
export const typedRoomLogin = (text: string, secrets: Secrets): RoomLogin => {
  const address = parseServerAddress(text);
  const { name, password } = address;
  if (password !== undefined) secrets.add(password);
  return {
    server: plainAddress(address),
    ...(address.room === undefined ? {} : { room: address.room }),
    ...(name === undefined ? {} : { slot: name }),
    ...(password === undefined ? {} : { password }),
  };
};

/** Whether a login typed at the prompt says nothing that the one before did not. */
export const saysNothingNew = (typed: RoomLogin, before: RoomLogin): boolean =>
  typed.server === before.server &&
  (typed.slot ?? before.slot) === before.slot &&
  (typed.password ?? before.password) === before.password;

/** The room's address on the command line, if it is there. */
export const givenRoom = (call: RunCall): string | undefined => {
  const [link] = call.operands;
  const { server } = call.flags;
  if (link !== undefined && server !== undefined)
    throw usageError('The room is given twice.', 'Give LINK or --server, not both.');
  return link ?? server;
};
