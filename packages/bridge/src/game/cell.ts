import type { Address, Region } from '../device/contract.js';

/** An unsigned number in memory: a counter, a state byte, a flag. */
export interface Cell extends Address {
  /** Bytes: 1, 2 or 4. */
  readonly size: 1 | 2 | 4;
  /** Byte order of a cell wider than a byte; default `little`. */
  readonly endian?: 'little' | 'big';
}

/** The stretch of memory a cell occupies. */
export const cellRegion = ({ domain, offset, size }: Cell): Region => ({ domain, offset, size });

/** The largest number the cell can hold. */
export const cellMax = (cell: Cell): number => 2 ** (8 * cell.size) - 1;

/** The number in `bytes`. Throws `RangeError` when there are not exactly as many bytes as the cell has. */
export const decodeCell = (cell: Cell, bytes: Uint8Array): number => {
  if (bytes.length !== cell.size) throw new RangeError(`A cell of ${cell.size} bytes cannot be ${bytes.length} bytes.`);
  const ordered = cell.endian === 'big' ? bytes : Uint8Array.from(bytes).reverse();
  return ordered.reduce((value, byte) => value * 256 + byte, 0);
};

/** The bytes of `value`. Throws `RangeError` when it does not fit: a counter must never wrap silently. */
export const encodeCell = (cell: Cell, value: number): Uint8Array => {
  if (!Number.isInteger(value) || value < 0 || value > cellMax(cell)) {
    throw new RangeError(`${value} does not fit into a cell of ${cell.size} bytes.`);
  }
  const little = Uint8Array.from({ length: cell.size }, (_, index) => Math.floor(value / 256 ** index) % 256);
  return cell.endian === 'big' ? little.reverse() : little;
};
