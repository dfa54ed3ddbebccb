import { usageError } from './usage-error.js';

/** How bytes are shown. */
export interface WatchType {
  /** As it was given: `u16le`, `bits[32]`. */
  readonly name: string;
  readonly size: number;
  /** The bytes as the one or more values they hold: one, except for `bits`, which has one per bit. */
  decode(bytes: Uint8Array): readonly WatchValue[];
}

/** `bigint` only for 64-bit integers. */
export type WatchValue = number | bigint | string;

const NUMBER_TYPE = /^([ui])(8|16|24|32|64)(le|be)?$/;
const FLOAT_TYPE = /^f(32|64)(le|be)?$/;
const SIZED_TYPE = /^(bytes|text|bits)(?:\[([^\]]*)\])?$/;
const MOST_BYTES = 0x10000;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const needOrder = (text: string): never => {
  throw usageError(`TYPE "${text}" does not say its byte order.`, `Say ${text}le or ${text}be.`);
};

const integer = (name: string, size: number, signed: boolean, little: boolean): WatchType => ({
  name,
  size,
  decode(bytes) {
    const ordered = little ? [...bytes].reverse() : [...bytes];
    const raw = ordered.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
    const value = signed ? BigInt.asIntN(size * 8, raw) : raw;
    return [size > 6 ? value : Number(value)];
  },
});

const float = (name: string, size: number, little: boolean): WatchType => ({
  name,
  size,
  decode: (bytes) => [size === 4 ? view(bytes).getFloat32(0, little) : view(bytes).getFloat64(0, little)],
});

const hexText = (name: string, size: number): WatchType => ({
  name,
  size,
  decode: (bytes) => [Buffer.from(bytes).toString('hex')],
});

const asciiText = (name: string, size: number): WatchType => ({
  name,
  size,
  decode: (bytes) => [Buffer.from(bytes).toString('latin1').replace(/\0.*$/s, '')],
});

/** Bit 0 is the lowest bit of the first byte. */
const bits = (name: string, count: number): WatchType => ({
  name,
  size: Math.ceil(count / 8),
  decode: (bytes) => Array.from({ length: count }, (_, bit) => ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1),
});

const parseCount = (text: string | undefined, type: string, most: number): number => {
  const count = text !== undefined && /^(?:0x[0-9a-f]+|[0-9]+)$/i.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= most) return count;
  throw usageError(`TYPE "${type}" needs a length.`, `It goes in brackets, between 1 and ${most}: bytes[8].`);
};

const sized = (name: string, kind: string, count: string | undefined): WatchType => {
  if (kind === 'bits') return bits(name, count === undefined ? 8 : parseCount(count, name, MOST_BYTES * 8));
  const size = parseCount(count, name, MOST_BYTES);
  return kind === 'bytes' ? hexText(name, size) : asciiText(name, size);
};

/** Parses a type of `watch`, or throws a usage error. */
export const parseWatchType = (text: string): WatchType => {
  const number = NUMBER_TYPE.exec(text);
  if (number) {
    const size = Number(number[2]) / 8;
    if (size > 1 && number[3] === undefined) needOrder(text);
    return integer(text, size, number[1] === 'i', number[3] !== 'be');
  }
  const floating = FLOAT_TYPE.exec(text);
  if (floating)
    return floating[2] === undefined ? needOrder(text) : float(text, Number(floating[1]) / 8, floating[2] === 'le');
  const other = SIZED_TYPE.exec(text);
  if (other?.[1]) return sized(text, other[1], other[2]);
  throw usageError(
    `TYPE "${text}" is not known.`,
    'Types are u8, i8, u16le, i16be, u24le, u32be, u64le, f32le, f64be, bytes[N], text[N], bits, bits[N].',
  );
};
