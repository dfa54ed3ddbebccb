import type { Region } from '../device/contract.js';

/** Joins regions of one domain that touch or overlap. Gaps are never read: on a bus domain a read can have effects. */
export const mergeRegions = (regions: readonly Region[]): readonly Region[] => {
  const sorted = [...regions].sort((a, b) =>
    a.domain === b.domain ? a.offset - b.offset : a.domain < b.domain ? -1 : 1,
  );
  const merged: Region[] = [];
  for (const region of sorted) {
    const last = merged.at(-1);
    if (!last || last.domain !== region.domain || last.offset + last.size < region.offset) {
      merged.push(region);
      continue;
    }
    const end = Math.max(last.offset + last.size, region.offset + region.size);
    merged[merged.length - 1] = { ...last, size: end - last.offset };
  }
  return merged;
};
