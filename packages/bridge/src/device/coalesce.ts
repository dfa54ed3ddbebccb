import type { Region } from './contract.js';

export interface CoalesceLimits {
  /**
   * Regions with at most this many bytes between them are read as one: a few bytes more cost less than an exchange. Default 0:
   * nothing is read that was not asked for, since on a bus a read can have effects.
   */
  readonly gap?: number;
  /** Longest run in bytes; default: none. A region that is longer is cut. */
  readonly maxSize?: number;
}

/** Fewer, longer reads in place of many, and the way back. */
export interface Coalesced {
  /** Sorted by domain as first named, then by offset; no two overlap. */
  readonly runs: readonly Region[];
  /** Cuts the bytes of the runs, in their order, back to the regions asked for. */
  cut(bytes: readonly Uint8Array[]): readonly Uint8Array[];
}

/** A region, and which of those asked for it is. */
interface Member extends Region {
  readonly index: number;
}

interface Span {
  readonly domain: string;
  readonly start: number;
  end: number;
  readonly members: Member[];
}

const spansOf = (regions: readonly Region[], gap: number): readonly Span[] => {
  const order = new Map<string, number>();
  for (const { domain } of regions) if (!order.has(domain)) order.set(domain, order.size);
  const sorted = regions
    .map(({ domain, offset, size }, index): Member => ({ domain, offset, size, index }))
    .sort((a, b) => (order.get(a.domain) ?? 0) - (order.get(b.domain) ?? 0) || a.offset - b.offset);
  const spans: Span[] = [];
  for (const member of sorted) {
    const { domain, offset, size } = member;
    const last = spans.at(-1);
    if (last?.domain === domain && offset <= last.end + gap) {
      last.end = Math.max(last.end, offset + size);
      last.members.push(member);
    } else spans.push({ domain, start: offset, end: offset + size, members: [member] });
  }
  return spans;
};

const cutSpan = ({ domain, start, end }: Span, maxSize: number): readonly Region[] => {
  // A size that is none stays as it is: whoever reads it refuses it.
  if (!(end - start > maxSize)) return [{ domain, offset: start, size: end - start }];
  return Array.from({ length: Math.ceil((end - start) / maxSize) }, (_, piece) => {
    const offset = start + piece * maxSize;
    return { domain, offset, size: Math.min(maxSize, end - offset) };
  });
};

const copyInto = (target: Uint8Array, region: Region, run: Region, bytes: Uint8Array): void => {
  const from = Math.max(region.offset, run.offset);
  const to = Math.min(region.offset + region.size, run.offset + run.size);
  if (run.domain !== region.domain || from >= to) return;
  target.set(bytes.subarray(from - run.offset, to - run.offset), from - region.offset);
};

const within = (region: Region, run: Region): boolean =>
  run.offset <= region.offset && region.offset + region.size <= run.offset + run.size;

/**
 * Joins what lies close together. Where regions overlap or repeat, each byte is read once: two copies of one place are then
 * the same copy.
 */
export const coalesce = (
  regions: readonly Region[],
  { gap = 0, maxSize = Number.POSITIVE_INFINITY }: CoalesceLimits = {},
): Coalesced => {
  const runs: Region[] = [];
  /** For each region the run that holds all of it; -1 where it takes several. */
  const homes: number[] = [];
  for (const span of spansOf(regions, gap)) {
    const first = runs.length;
    const pieces = cutSpan(span, maxSize);
    for (const piece of pieces) runs.push(piece);
    for (const member of span.members) {
      const home = pieces.findIndex((piece) => within(member, piece));
      homes[member.index] = home < 0 ? home : first + home;
    }
  }
  const cutOne = (region: Region, index: number, bytes: readonly Uint8Array[]): Uint8Array => {
    const home = homes[index] ?? -1;
    const run = runs[home];
    const whole = bytes[home];
    if (run && whole) return whole.subarray(region.offset - run.offset, region.offset - run.offset + region.size);
    const target = new Uint8Array(region.size);
    runs.forEach((piece, at) => {
      copyInto(target, region, piece, bytes[at] ?? new Uint8Array(0));
    });
    return target;
  };
  return { runs, cut: (bytes) => regions.map((region, index) => cutOne(region, index, bytes)) };
};
