import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Region } from '../device/contract.js';
import { mergeRegions } from './merge-regions.js';

const region = fc.record({
  domain: fc.constantFrom('RAM', 'ROM'),
  offset: fc.nat({ max: 40 }),
  size: fc.integer({ min: 1, max: 8 }),
});
const addresses = (regions: readonly Region[]): Set<string> =>
  new Set(
    regions.flatMap(({ domain, offset, size }) => Array.from({ length: size }, (_, at) => `${domain} ${offset + at}`)),
  );

describe('merged regions', () => {
  it('cover exactly the same bytes, each once, and do not touch each other', () => {
    fc.assert(
      fc.property(fc.array(region, { maxLength: 12 }), (regions) => {
        const merged = mergeRegions(regions);
        expect(addresses(merged)).toEqual(addresses(regions));
        expect(merged.reduce((sum, { size }) => sum + size, 0)).toBe(addresses(regions).size);
        for (const a of merged) {
          const touching = merged.filter((b) => b.domain === a.domain && b.offset === a.offset + a.size);
          expect(touching).toEqual([]);
        }
      }),
    );
  });
});
