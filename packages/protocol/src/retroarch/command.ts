import { CausewayError } from '../errors/index.js';
import { MAX_ADDRESS, MAX_COMMAND, MAX_READ, MAX_WRITE } from './limits.js';

/** Hot keys that RetroArch takes by name and never answers. */
export const HOT_KEYS = [
  'RESET',
  'PAUSE_TOGGLE',
  'FRAMEADVANCE',
  'FAST_FORWARD',
  'SAVE_STATE',
  'LOAD_STATE',
  'QUIT',
] as const;
export type HotKey = (typeof HOT_KEYS)[number];

export type RetroArchCommand =
  | { readonly kind: 'version' }
  | { readonly kind: 'status' }
  | { readonly kind: 'read'; readonly address: number; readonly size: number }
  | { readonly kind: 'write'; readonly address: number; readonly data: Uint8Array }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'config'; readonly name: string }
  | { readonly kind: 'key'; readonly key: HotKey };

const hexByte = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

/** Lower-case hexadecimal without leading zeros, as RetroArch echoes addresses. */
export const hexAddress = (address: number): string => address.toString(16);

const refuse = (message: string, context: Readonly<Record<string, unknown>>): CausewayError =>
  new CausewayError('address_out_of_range', message, { context });

const checkedAddress = (address: number): string => {
  if (Number.isInteger(address) && address >= 0 && address <= MAX_ADDRESS) return hexAddress(address);
  throw refuse(`${address} is no address.`, { address });
};

const checkedSize = (size: number, most: number): number => {
  if (Number.isInteger(size) && size >= 1 && size <= most) return size;
  throw refuse(`RetroArch must not be asked for ${size} bytes at once: 1 to ${most} are safe.`, { size, most });
};

/** One line of printable text: a line end would begin another command, and what comes after byte 2,047 would be lost. */
const oneLine = (text: string): string => {
  let line = '';
  let bytes = 'SHOW_MSG '.length;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const shown = code < 0x20 || code === 0x7f ? ' ' : character;
    bytes += new TextEncoder().encode(shown).length;
    if (bytes > MAX_COMMAND) break;
    line += shown;
  }
  return line.trim();
};

/**
 * The datagram of a command.
 *
 * Some commands make RetroArch wipe work RAM or end at once (`docs/specs/retroarch.md`): writes that are cut or hold anything but
 * bytes, reads of a negative or huge size. None of them can be written here.
 *
 * @throws `address_out_of_range` where size or address would be unsafe
 */
export const encodeCommand = (command: RetroArchCommand): string => {
  switch (command.kind) {
    case 'version':
      return 'VERSION';
    case 'status':
      return 'GET_STATUS';
    case 'read':
      return `READ_CORE_MEMORY ${checkedAddress(command.address)} ${checkedSize(command.size, MAX_READ)}`;
    case 'write': {
      checkedSize(command.data.length, MAX_WRITE);
      return `WRITE_CORE_MEMORY ${checkedAddress(command.address)} ${Array.from(command.data, hexByte).join(' ')}`;
    }
    case 'message':
      return `SHOW_MSG ${oneLine(command.text)}`;
    case 'config':
      if (!/^[a-z_]{1,64}$/.test(command.name)) throw refuse(`${command.name} is no setting.`, { name: command.name });
      return `GET_CONFIG_PARAM ${command.name}`;
    case 'key':
      return command.key;
  }
};

/**
 * One datagram of several commands. RetroArch carries out all of it before the game runs on, so its replies are of one moment, and
 * a reply to one of the commands proves that those before it were carried out as well.
 *
 * @throws `address_out_of_range` as {@link encodeCommand}, and where RetroArch would cut the datagram
 */
export const encodeCommands = (commands: readonly RetroArchCommand[]): string => {
  const text = commands.map(encodeCommand).join('\n');
  const size = new TextEncoder().encode(text).length;
  if (size <= MAX_COMMAND) return text;
  throw refuse(`${commands.length} commands are too long for one datagram.`, { size, most: MAX_COMMAND });
};

const HEX = /^[0-9a-f]{1,8}$/i;
const DECIMAL = /^\d{1,9}$/;
const BYTE = /^[0-9a-f]{1,2}$/i;

const parseWrite = (address: string | undefined, bytes: readonly string[]): RetroArchCommand | undefined => {
  if (address === undefined || !HEX.test(address) || bytes.length === 0 || !bytes.every((byte) => BYTE.test(byte))) {
    return undefined;
  }
  const data = Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16));
  return { kind: 'write', address: Number.parseInt(address, 16), data };
};

/** Reads one line as the emulator's side does; nothing for what it does not know. Sizes are not limited here. */
export const parseCommand = (line: string): RetroArchCommand | undefined => {
  const [word = '', first, ...rest] = line.split(' ');
  switch (word) {
    case 'VERSION':
      return { kind: 'version' };
    case 'GET_STATUS':
      return { kind: 'status' };
    case 'READ_CORE_MEMORY': {
      const [size] = rest;
      if (!first || !size || !HEX.test(first) || !DECIMAL.test(size)) return undefined;
      return { kind: 'read', address: Number.parseInt(first, 16), size: Number(size) };
    }
    case 'WRITE_CORE_MEMORY':
      return parseWrite(first, rest);
    case 'SHOW_MSG':
      return { kind: 'message', text: line.slice('SHOW_MSG '.length) };
    case 'GET_CONFIG_PARAM':
      return first === undefined ? undefined : { kind: 'config', name: first };
    default: {
      const key = HOT_KEYS.find((each) => each === word);
      return key && { kind: 'key', key };
    }
  }
};

/** The commands of a datagram, as the emulator's side finds them: one per line, without what it does not know. */
export const parseCommands = (datagram: string): readonly RetroArchCommand[] =>
  datagram.split('\n').flatMap((line) => parseCommand(line) ?? []);
