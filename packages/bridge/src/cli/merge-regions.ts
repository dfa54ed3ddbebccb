import type { Region } from '../device/contract.js';

/** Where a region's bytes are in the merged reads. */
export interface Slice {
  readonly read: number;
  readonly start: number;
  readonly size: number;
}

export interface MergedRegions {
  readonly reads: readonly Region[];
  /** One per region that came in, in the same order. */
  readonly slices: readonly Slice[];
}

/**
 * Joins regions that overlap or touch into fewer reads.
 *
 * Gaps are never read along: on a bus domain, reading a hardware register changes it.
 */
export const mergeRegions = (regions: readonly Region[]): MergedRegions => {
  const order = regions
    .map((region, index) => ({ region, index }))
    .sort((a, b) => a.region.domain.localeCompare(b.region.domain) || a.region.offset - b.region.offset);
  const reads: Region[] = [];
  const slices: Slice[] = [];
  for (const { region, index } of order) {
    const last = reads.at(-1);
    const joins = last?.domain === region.domain && region.offset <= last.offset + last.size;
    const base = joins ? last.offset : region.offset;
    const end = Math.max(region.offset + region.size, joins ? last.offset + last.size : 0);
    const merged = { domain: region.domain, offset: base, size: end - base };
    if (joins) reads[reads.length - 1] = merged;
    else reads.push(merged);
    slices[index] = { read: reads.length - 1, start: region.offset - base, size: region.size };
  }
  return { reads, slices };
};
