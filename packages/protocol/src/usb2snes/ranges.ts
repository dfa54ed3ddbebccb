import { CausewayError } from '../errors/causeway-error.js';
import { MAX_ADDRESS, MAX_RANGES } from './limits.js';

/** A stretch of the console's memory in the FX Pak Pro's view. */
export interface AddressRange {
  readonly address: number;
  /** In bytes. A client never sends 0: SNI does not answer it, QUsb2Snes closes, and in front of others it crashes SNI. */
  readonly size: number;
}

const HEX = /^(?:0x)?[0-9a-f]{1,8}$/i;

/** A number as operands have it: hexadecimal without prefix. */
export const encodeNumber = (value: number): string => value.toString(16).toUpperCase();

/** Reads an operand; `0x` in front is taken, `$` is not, as with real servers. Throws `protocol_malformed`. */
export const decodeNumber = (text: string): number => {
  if (HEX.test(text)) return Number.parseInt(text, 16);
  throw new CausewayError('protocol_malformed', `"${text.slice(0, 16)}" is no hexadecimal number.`);
};

const inBounds = ({ address, size }: AddressRange): boolean =>
  Number.isInteger(address) && Number.isInteger(size) && address >= 0 && size > 0 && address + size - 1 <= MAX_ADDRESS;

/** Operands of `GetAddress` and `PutAddress`. Throws `RangeError` for a range no server must ever see. */
export const encodeRanges = (ranges: readonly AddressRange[]): readonly string[] => {
  if (ranges.length === 0 || ranges.length > MAX_RANGES) throw new RangeError(`${ranges.length} ranges`);
  return ranges.flatMap((range) => {
    if (!inBounds(range)) throw new RangeError(`no range of memory: ${range.address}, ${range.size} bytes`);
    return [encodeNumber(range.address), encodeNumber(range.size)];
  });
};

/**
 * Reads operands of `GetAddress` and `PutAddress`. Sizes may be 0 here: what becomes of them is the server's business.
 * Throws `protocol_malformed`.
 */
export const decodeRanges = (operands: readonly string[]): readonly AddressRange[] => {
  if (operands.length === 0 || operands.length % 2 !== 0 || operands.length > 2 * MAX_RANGES) {
    throw new CausewayError('protocol_malformed', `${operands.length} operands are no pairs of address and size.`);
  }
  return Array.from({ length: operands.length / 2 }, (_, index) => {
    const address = decodeNumber(operands[2 * index] ?? '');
    const size = decodeNumber(operands[2 * index + 1] ?? '');
    if (address + Math.max(size, 1) - 1 <= MAX_ADDRESS) return { address, size };
    const where = `${encodeNumber(address)}, ${encodeNumber(size)}`;
    throw new CausewayError('protocol_malformed', `The range ${where} ends outside the console's 24 bits.`);
  });
};

/** Bytes that the ranges have together. */
export const totalSize = (ranges: readonly AddressRange[]): number => ranges.reduce((sum, { size }) => sum + size, 0);
