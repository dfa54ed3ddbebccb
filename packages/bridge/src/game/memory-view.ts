import type { Region } from '../device/contract.js';
import { type Cell, cellRegion, decodeCell } from './cell.js';
import type { Guard, ReadPlan, Snapshot } from './contract.js';

/** Memory by address, as it was in one snapshot. */
export interface MemoryView {
  /** The bytes of `region`. Throws `RangeError` when the snapshot did not read all of it: the plan lacks a region. */
  bytes(region: Region): Uint8Array;
}

/** A {@link MemoryView} that remembers what was looked at, so that a decision can be guarded by all it rested on. */
export interface WatchedView extends MemoryView {
  /** One guard per place looked at, expecting what was seen there. */
  guards(): readonly Guard[];
}

const covers = (outer: Region, inner: Region): boolean =>
  outer.domain === inner.domain &&
  outer.offset <= inner.offset &&
  outer.offset + outer.size >= inner.offset + inner.size;

/** Joins a plan's regions with the bytes that came back for them. */
export const viewMemory = (regions: ReadPlan['regions'], snapshot: Snapshot): MemoryView => ({
  bytes: (wanted) => {
    for (const [name, region] of Object.entries(regions)) {
      const bytes = snapshot[name];
      if (!bytes || !covers(region, wanted)) continue;
      const start = wanted.offset - region.offset;
      return bytes.subarray(start, start + wanted.size);
    }
    throw new RangeError(
      `${wanted.domain} ${wanted.offset}+${wanted.size} was not read. Add it to the plan's regions.`,
    );
  },
});

/** The number in `cell`. */
export const readCell = (memory: MemoryView, cell: Cell): number => decodeCell(cell, memory.bytes(cellRegion(cell)));

/** A guard that holds as long as `region` is as it was seen. */
export const guardSeen = (memory: MemoryView, { domain, offset, size }: Region): Guard => ({
  at: { domain, offset },
  expect: Uint8Array.from(memory.bytes({ domain, offset, size })),
});

/** Wraps a view so that every place looked at becomes a guard. */
export const watchView = (memory: MemoryView): WatchedView => {
  const seen = new Map<string, Region>();
  return {
    bytes: (region) => {
      seen.set(`${region.domain} ${region.offset} ${region.size}`, region);
      return memory.bytes(region);
    },
    guards: () => [...seen.values()].map((region) => guardSeen(memory, region)),
  };
};
