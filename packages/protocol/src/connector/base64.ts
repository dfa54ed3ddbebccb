import { CausewayError } from '../errors/causeway-error.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 61;
const INVALID = 255;

const CODES = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const VALUES = new Uint8Array(256).fill(INVALID);
for (let value = 0; value < CODES.length; value++) VALUES[CODES[value] ?? 0] = value;

/** All letters we produce are ASCII, which is what makes this the fastest way from bytes to a string in every runtime. */
const ascii = new TextDecoder();

/** Characters of the base64 form of `byteLength` bytes, padding included. */
export const base64Length = (byteLength: number): number => Math.ceil(byteLength / 3) * 4;

/** Standard base64 with padding. Needs nothing of Node, so that the protocol runs in a browser. */
export const encodeBase64 = (bytes: Uint8Array): string => {
  const letters = new Uint8Array(base64Length(bytes.length));
  const whole = bytes.length - (bytes.length % 3);
  let at = 0;
  for (let i = 0; i < whole; i += 3) {
    const bits = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    letters[at++] = CODES[bits >> 18] as number;
    letters[at++] = CODES[(bits >> 12) & 63] as number;
    letters[at++] = CODES[(bits >> 6) & 63] as number;
    letters[at++] = CODES[bits & 63] as number;
  }
  const rest = bytes.length - whole;
  if (rest > 0) {
    const bits = ((bytes[whole] as number) << 16) | ((rest === 2 ? (bytes[whole + 1] as number) : 0) << 8);
    letters[at++] = CODES[bits >> 18] as number;
    letters[at++] = CODES[(bits >> 12) & 63] as number;
    letters[at++] = rest === 2 ? (CODES[(bits >> 6) & 63] as number) : PADDING;
    letters[at] = PADDING;
  }
  return ascii.decode(letters);
};

const valueAt = (text: string, index: number): number => {
  const code = text.charCodeAt(index);
  const value = code < 256 ? (VALUES[code] as number) : INVALID;
  if (value === INVALID) throw malformed(text, `character ${index} is not of the base64 alphabet`);
  return value;
};

const malformed = (text: string, why: string): CausewayError =>
  new CausewayError('protocol_malformed', `Broken base64: ${why}.`, { context: { length: text.length } });

/**
 * Bytes of standard base64 with padding.
 *
 * Rejects with `protocol_malformed` what is not: the reference connector always pads and never breaks lines.
 */
export const decodeBase64 = (text: string): Uint8Array => {
  const { length } = text;
  if (length === 0) return new Uint8Array(0);
  if (length % 4 !== 0) throw malformed(text, 'its length is not a multiple of four');
  const padding = text.charCodeAt(length - 1) !== PADDING ? 0 : text.charCodeAt(length - 2) !== PADDING ? 1 : 2;
  const bytes = new Uint8Array((length / 4) * 3 - padding);
  const whole = padding === 0 ? length : length - 4;
  let at = 0;
  for (let i = 0; i < whole; i += 4) {
    const bits =
      (valueAt(text, i) << 18) | (valueAt(text, i + 1) << 12) | (valueAt(text, i + 2) << 6) | valueAt(text, i + 3);
    bytes[at++] = bits >> 16;
    bytes[at++] = (bits >> 8) & 255;
    bytes[at++] = bits & 255;
  }
  if (padding === 0) return bytes;
  const bits =
    (valueAt(text, whole) << 18) |
    (valueAt(text, whole + 1) << 12) |
    (padding === 1 ? valueAt(text, whole + 2) << 6 : 0);
  bytes[at++] = bits >> 16;
  if (padding === 1) bytes[at] = (bits >> 8) & 255;
  return bytes;
};
