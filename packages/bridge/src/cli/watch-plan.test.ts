import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { planWatch } from './watch-plan.js';

const region = fc.record({
  domain: fc.constantFrom('RAM', 'WRAM'),
  offset: fc.integer({ min: 0, max: 60 }),
  size: fc.integer({ min: 1, max: 12 }),
});

test('every region gets its own bytes back, and no byte outside of them is read', () => {
  const memory = {
    RAM: Uint8Array.from({ length: 80 }, (_, i) => i),
    WRAM: Uint8Array.from({ length: 80 }, (_, i) => 100 + i),
  };
  void fc.assert(
    fc.property(fc.array(region, { minLength: 1, maxLength: 8 }), (regions) => {
      const plan = planWatch(regions);
      const wanted = new Set(
        regions.flatMap((r) => Array.from({ length: r.size }, (_, i) => `${r.domain}:${r.offset + i}`)),
      );
      const reads = plan.batch.map((step) => {
        if (step.kind !== 'read') throw new TypeError('only reads');
        const { domain, offset } = step.at;
        for (let at = offset; at < offset + step.size; at++) expect(wanted).toContain(`${domain}:${at}`);
        return memory[domain as 'RAM'].slice(offset, offset + step.size);
      });
      for (const each of regions) {
        const bytes = memory[each.domain as 'RAM'].subarray(each.offset, each.offset + each.size);
        expect([...plan.pick(each, reads)]).toEqual([...bytes]);
      }
    }),
  );
});
