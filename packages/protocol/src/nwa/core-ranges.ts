import { NWA_MAX_RANGES } from './limits.js';
import type { NwaCommand } from './messages.js';

/** A stretch of a core's memory, in bytes. */
export interface NwaRange {
  readonly offset: number;
  readonly size: number;
}

/** What a server makes of the arguments of CORE_READ and bCORE_WRITE. */
export interface NwaAskedRanges {
  readonly memory: string;
  /** A missing size means: up to the end of the memory, or of the block. Without any range, all of it. */
  readonly ranges: readonly { readonly offset: number; readonly size?: number }[];
}

/** Decimal digits, or hexadecimal ones after `$`. */
export const parseNwaNumber = (text: string): number | undefined => {
  const value = /^\$[0-9a-f]+$/i.test(text) ? Number(`0x${text.slice(1)}`) : /^[0-9]+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
};

/** Both forms of a number work everywhere seen; only decimal sizes do in every emulator. */
const wordsOf = (memory: string, ranges: readonly NwaRange[]): readonly string[] => {
  if (ranges.length === 0 || ranges.length > NWA_MAX_RANGES)
    throw new RangeError(`One command takes 1 to ${NWA_MAX_RANGES} ranges.`);
  return [memory, ...ranges.flatMap(({ offset, size }) => [`$${offset.toString(16)}`, String(size)])];
};

export const coreRead = (memory: string, ranges: readonly NwaRange[]): NwaCommand => ({
  name: 'CORE_READ',
  args: wordsOf(memory, ranges),
});

/** `data` holds the bytes of all ranges, one after the other. */
export const coreWrite = (memory: string, ranges: readonly NwaRange[], data: Uint8Array): NwaCommand => {
  const total = ranges.reduce((sum, { size }) => sum + size, 0);
  if (total !== data.length) throw new RangeError(`${data.length} bytes for ranges of ${total}.`);
  return { name: 'CORE_WRITE', args: wordsOf(memory, ranges), block: data };
};

/** The arguments of CORE_READ or bCORE_WRITE; nothing where they make no sense. */
export const parseCoreRanges = ({ args }: NwaCommand): NwaAskedRanges | undefined => {
  const [memory, ...words] = args;
  if (!memory) return undefined;
  const numbers = words.map(parseNwaNumber);
  if (numbers.includes(undefined)) return undefined;
  const ranges = numbers.flatMap((offset, index) => {
    if (index % 2 === 1 || offset === undefined) return [];
    const size = numbers[index + 1];
    return [size === undefined ? { offset } : { offset, size }];
  });
  return { memory, ranges };
};
