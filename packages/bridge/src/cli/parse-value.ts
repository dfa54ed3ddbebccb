import { usageError } from './usage-error.js';

const NUMBER = /^(?:0x[0-9a-f]+|[0-9]+)$/i;
const HEX_BYTES = /^(?:[0-9a-f]{2})+$/i;

interface Limits {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number, decimal or `0x` hexadecimal, and nothing else: no sign, space, exponent or octal. */
export const parseNumber = (text: string, what: string, limits: Limits = {}): number => {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    throw usageError(`${what} "${text}" is not a number.`, 'Numbers are decimal (4096) or hexadecimal (0x1000).');
  }
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = limits;
  if (value < min || value > max) {
    throw usageError(`${what} ${text} is out of range.`, `It must lie between ${min} and ${max}.`);
  }
  return value;
};

/** Bytes as hex digits, in the order they stand in memory. */
export const parseHexBytes = (text: string, what: string): Uint8Array => {
  if (HEX_BYTES.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'));
  const why = /^0x/i.test(text)
    ? 'Bytes stand in the order they have in memory, so there is no 0x in front: 00ff10.'
    : 'Two hexadecimal digits per byte, without spaces: 00ff10.';
  throw usageError(`${what} "${text}" is not hexadecimal bytes.`, why);
};

/** One of a few words. */
export const parseChoice = <W extends string>(text: string, what: string, words: readonly W[]): W => {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw usageError(`${what} "${text}" is not known.`, `It is one of ${words.join(', ')}.`);
};

/** Any text but the empty one. */
export const parseText = (text: string, what: string): string => {
  if (text.trim() === '') throw usageError(`${what} is empty.`, 'A value is needed.');
  return text;
};
