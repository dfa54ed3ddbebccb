import type { Region, Step } from '../device/contract.js';
import { mergeRegions } from '../session/merge-regions.js';

/** One batch that reads many regions, and the way back from its answer. */
export interface WatchPlan {
  readonly batch: readonly Step[];
  /** The bytes of one region among what the batch has read. */
  pick(region: Region, reads: readonly Uint8Array[]): Uint8Array;
}

const holds = (outer: Region, inner: Region): boolean =>
  outer.domain === inner.domain &&
  outer.offset <= inner.offset &&
  inner.offset + inner.size <= outer.offset + outer.size;

/** Plans to read every region in one batch, as few reads as their places allow. */
export const planWatch = (regions: readonly Region[]): WatchPlan => {
  const merged = mergeRegions(regions);
  return {
    batch: merged.map(({ domain, offset, size }) => ({ kind: 'read', at: { domain, offset }, size })),
    pick(region, reads) {
      const index = merged.findIndex((outer) => holds(outer, region));
      const start = region.offset - (merged[index]?.offset ?? 0);
      return reads[index]?.subarray(start, start + region.size) ?? new Uint8Array();
    },
  };
};
