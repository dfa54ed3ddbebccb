import { hexAddress } from './command.js';

/** What runs in RetroArch. */
export type RetroArchStatus =
  | { readonly state: 'contentless' }
  | {
      readonly state: 'playing' | 'paused';
      /** The core's library name or the system id of its info file, depending on the installation. */
      readonly system: string;
      /** Name of the content's file without extension. */
      readonly content: string;
      /** CRC-32 of the content's file. */
      readonly crc32: number;
    };

export type RetroArchReply =
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'status'; readonly status: RetroArchStatus }
  | { readonly kind: 'read'; readonly address: number; readonly data: Uint8Array }
  | { readonly kind: 'written'; readonly address: number; readonly count: number }
  /** A read or write that was refused; RetroArch's own words. */
  | { readonly kind: 'refused'; readonly of: 'read' | 'write'; readonly address: number; readonly reason: string }
  | { readonly kind: 'config'; readonly name: string; readonly value: string };

/** The largest reply there is: what fits into one datagram. */
const MAX_REPLY = 65_507;
const HEX_ADDRESS = /^[0-9a-f]{1,8}$/;
const STATUS = /^(?<state>PLAYING|PAUSED) (?<system>[^,]*),(?<content>.*),crc32=(?<crc>[0-9a-f]{1,8})$/s;
const VERSION = /^\d{1,4}\.\d{1,4}(\.\d{1,4})?([-_ .a-z0-9]*)$/i;
const REFUSAL = /^-1 ?(?<reason>.*)$/s;

const parseStatus = (text: string): RetroArchReply | undefined => {
  if (text === 'CONTENTLESS') return { kind: 'status', status: { state: 'contentless' } };
  const { state, system = '', content = '', crc = '' } = STATUS.exec(text)?.groups ?? {};
  if (state === undefined) return undefined;
  const crc32 = Number.parseInt(crc, 16);
  return { kind: 'status', status: { state: state === 'PLAYING' ? 'playing' : 'paused', system, content, crc32 } };
};

const nibble = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code & ~0x20;
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x37 : -1;
};

/** `AA BB …` with single spaces, nothing else; `undefined` for anything that is cut or damaged. */
const parseBytes = (text: string): Uint8Array | undefined => {
  if (text.length % 3 !== 2) return undefined;
  const data = new Uint8Array((text.length + 1) / 3);
  for (let index = 0, at = 0; index < data.length; index++, at += 3) {
    const high = nibble(text.charCodeAt(at));
    const low = nibble(text.charCodeAt(at + 1));
    if (high < 0 || low < 0 || (index > 0 && text[at - 1] !== ' ')) return undefined;
    data[index] = (high << 4) | low;
  }
  return data;
};

const splitAddress = (rest: string): { readonly address: number; readonly tail: string } | undefined => {
  const space = rest.indexOf(' ');
  const text = rest.slice(0, space);
  if (space < 1 || !HEX_ADDRESS.test(text)) return undefined;
  return { address: Number.parseInt(text, 16), tail: rest.slice(space + 1) };
};

const parseMemory = (of: 'read' | 'write', rest: string): RetroArchReply | undefined => {
  const split = splitAddress(rest);
  if (!split) return undefined;
  const { address, tail } = split;
  const refusal = REFUSAL.exec(tail)?.groups;
  if (refusal) return { kind: 'refused', of, address, reason: refusal['reason'] ?? '' };
  if (of === 'write') return /^\d{1,6}$/.test(tail) ? { kind: 'written', address, count: Number(tail) } : undefined;
  const data = parseBytes(tail);
  return data && { kind: 'read', address, data };
};

/**
 * Reads one datagram. The replies say which command and address they belong to, and nothing more: not which of two equal
 * questions. `undefined` for what is no reply, or a damaged one.
 */
export const parseReply = (datagram: string): RetroArchReply | undefined => {
  if (datagram.length > MAX_REPLY) return undefined;
  const line = datagram.endsWith('\n') ? datagram.slice(0, -1) : datagram;
  const space = line.indexOf(' ');
  const word = space < 0 ? line : line.slice(0, space);
  const rest = space < 0 ? '' : line.slice(space + 1);
  switch (word) {
    case 'GET_STATUS':
      return parseStatus(rest);
    case 'READ_CORE_MEMORY':
      return parseMemory('read', rest);
    case 'WRITE_CORE_MEMORY':
      return parseMemory('write', rest);
    case 'GET_CONFIG_PARAM': {
      const [name = '', ...value] = rest.split(' ');
      return name === '' ? undefined : { kind: 'config', name, value: value.join(' ') };
    }
    default:
      return VERSION.test(line) ? { kind: 'version', version: line } : undefined;
  }
};

const bytesText = (data: Uint8Array): string =>
  Array.from(data, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');

const statusText = (status: RetroArchStatus): string => {
  if (status.state === 'contentless') return 'GET_STATUS CONTENTLESS';
  const { state, system, content, crc32 } = status;
  return `GET_STATUS ${state.toUpperCase()} ${system},${content},crc32=${crc32.toString(16)}\n`;
};

/** The emulator's side: the datagram of a reply, line ends as RetroArch sets them. */
export const encodeReply = (reply: RetroArchReply): string => {
  switch (reply.kind) {
    case 'version':
      return `${reply.version}\n`;
    case 'status':
      return statusText(reply.status);
    case 'read':
      return `READ_CORE_MEMORY ${hexAddress(reply.address)} ${bytesText(reply.data)}\n`;
    case 'written':
      return `WRITE_CORE_MEMORY ${hexAddress(reply.address)} ${reply.count}\n`;
    case 'refused': {
      const word = reply.of === 'read' ? 'READ_CORE_MEMORY' : 'WRITE_CORE_MEMORY';
      return `${word} ${hexAddress(reply.address)} -1 ${reply.reason}\n`;
    }
    case 'config':
      return `GET_CONFIG_PARAM ${reply.name} ${reply.value}`;
  }
};

/** Whether `version` is at least `oldest`, number by number. */
export const isAtLeast = (version: string, oldest: string): boolean => {
  const numbers = (text: string): readonly number[] => (/^[\d.]+/.exec(text)?.[0] ?? '').split('.').map(Number);
  const have = numbers(version);
  for (const [index, wanted] of numbers(oldest).entries()) {
    const there = have[index] ?? 0;
    if (there !== wanted) return there > wanted;
  }
  return true;
};
