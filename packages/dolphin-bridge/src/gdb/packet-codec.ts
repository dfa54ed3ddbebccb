/**
 * Packets of the GDB remote protocol: `$payload#checksum`, each answered by `+` or `-`. Source: the protocol's public description,
 * and what Dolphin 5.0-17995 was seen to send.
 */
import { CausewayError } from '@causeway/protocol/errors';

const DOLLAR = 0x24;
const HASH = 0x23;
const ACK = 0x2b;
const NAK = 0x2d;
const ESCAPE = 0x7d;
const REPEAT = 0x2a;
const ESCAPE_BIT = 0x20;
/** A repeat count is sent as a printable character that stands this much above it. */
const REPEAT_BIAS = 29;
const SPECIAL: ReadonlySet<number> = new Set([DOLLAR, HASH, ESCAPE, REPEAT]);

/** Answers to the longest read we ask for are 9,805 bytes long. */
const MAX_PACKET = 16_384;

export type GdbEvent =
  | { readonly kind: 'ack' }
  | { readonly kind: 'nak' }
  | { readonly kind: 'packet'; readonly payload: string };

const checksumOf = (bytes: Iterable<number>): number => {
  let sum = 0;
  for (const byte of bytes) sum = (sum + byte) & 0xff;
  return sum;
};

const hexDigit = (byte: number): number => {
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? -1 : digit;
};

/** One packet around a payload of characters below U+0100. */
export const encodePacket = (payload: string): Uint8Array => {
  const body: number[] = [];
  for (const byte of Buffer.from(payload, 'latin1')) {
    if (SPECIAL.has(byte)) body.push(ESCAPE, byte ^ ESCAPE_BIT);
    else body.push(byte);
  }
  const checksum = checksumOf(body).toString(16).padStart(2, '0');
  return Uint8Array.from([DOLLAR, ...body, HASH, checksum.charCodeAt(0), checksum.charCodeAt(1)]);
};

const malformed = (message: string): CausewayError =>
  new CausewayError('protocol_malformed', message, {
    fix: 'What listens there is no debugger connection of Dolphin. Start the game again with its debugger socket.',
  });

/** Takes escapes and run lengths out of a packet's body. */
const unpack = (body: readonly number[]): string => {
  const bytes: number[] = [];
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] ?? 0;
    const next = body[at + 1];
    if (byte === ESCAPE) {
      if (next === undefined) throw malformed('A packet ends within an escape.');
      bytes.push(next ^ ESCAPE_BIT);
      at++;
    } else if (byte === REPEAT) {
      const last = bytes.at(-1);
      const count = (next ?? 0) - REPEAT_BIAS;
      if (last === undefined || count < 1 || count > 0x7e - REPEAT_BIAS) throw malformed('A packet repeats nothing.');
      if (bytes.length + count > MAX_PACKET) throw malformed('A packet is too long.');
      for (let copy = 0; copy < count; copy++) bytes.push(last);
      at++;
    } else bytes.push(byte);
  }
  return Buffer.from(bytes).toString('latin1');
};

/** Cuts a stream of bytes into packets and acknowledgements. Holds at most one packet. */
export class PacketReader {
  /** Body and checksum of the packet under way; `undefined` between packets. */
  #body: number[] | undefined;
  /** Checksum digits read so far; `undefined` before the `#`. */
  #digits: number[] | undefined;

  /** Throws `protocol_malformed` for bytes that are no such protocol; the reader is of no use afterwards. */
  push(chunk: Uint8Array): readonly GdbEvent[] {
    const events: GdbEvent[] = [];
    for (const byte of chunk) {
      const event = this.#body ? this.#inside(byte, this.#body) : this.#between(byte);
      if (event) events.push(event);
    }
    return events;
  }

  #between(byte: number): GdbEvent | undefined {
    if (byte === ACK) return { kind: 'ack' };
    if (byte === NAK) return { kind: 'nak' };
    if (byte !== DOLLAR) throw malformed(`Byte 0x${byte.toString(16)} stands between packets.`);
    this.#body = [];
    return undefined;
  }

  #inside(byte: number, body: number[]): GdbEvent | undefined {
    if (this.#digits) return this.#checksumDigit(byte, body, this.#digits);
    if (byte === HASH) this.#digits = [];
    else if (byte === DOLLAR) throw malformed('A packet begins inside another.');
    else if (body.push(byte) > MAX_PACKET) throw malformed('A packet is too long.');
    return undefined;
  }

  #checksumDigit(byte: number, body: readonly number[], digits: number[]): GdbEvent | undefined {
    digits.push(hexDigit(byte));
    const [high, low] = digits;
    if (high === undefined || low === undefined) return undefined;
    this.#body = undefined;
    this.#digits = undefined;
    if (high < 0 || low < 0 || high * 16 + low !== checksumOf(body)) throw malformed('A packet has a wrong checksum.');
    return { kind: 'packet', payload: unpack(body) };
  }
}

/** The bytes of a lone acknowledgement. */
export const ACKNOWLEDGE: Uint8Array = Uint8Array.of(ACK);
