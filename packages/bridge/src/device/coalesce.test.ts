import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coalesce } from './coalesce.js';
import type { Region } from './contract.js';

const region = fc.record({
  domain: fc.constantFrom('WRAM', 'SRAM'),
  offset: fc.integer({ min: 0, max: 500 }),
  size: fc.integer({ min: 1, max: 300 }),
});
const limits = fc.record({ gap: fc.integer({ min: 0, max: 64 }), maxSize: fc.integer({ min: 1, max: 256 }) });

/** A byte that says where it is from. */
const byteAt = (domain: string, offset: number): number => (offset * 7 + (domain === 'WRAM' ? 3 : 101)) & 0xff;
const bytesOf = ({ domain, offset, size }: Region): Uint8Array =>
  Uint8Array.from({ length: size }, (_, index) => byteAt(domain, offset + index));

describe('coalesce', () => {
  it('gives every region its own bytes back, reads no byte twice and keeps runs short', () => {
    fc.assert(
      fc.property(fc.array(region, { maxLength: 20 }), limits, (regions, { gap, maxSize }) => {
        const { runs, cut } = coalesce(regions, { gap, maxSize });
        expect(cut(runs.map(bytesOf))).toEqual(regions.map(bytesOf));
        const seen = new Set<string>();
        for (const { domain, offset, size } of runs) {
          expect(size).toBeLessThanOrEqual(maxSize);
          for (let at = offset; at < offset + size; at++) seen.add(`${domain} ${at}`);
        }
        expect(seen.size).toBe(runs.reduce((sum, { size }) => sum + size, 0));
      }),
    );
  });

  it('reads exactly what was asked for, and what touches at once, unless told otherwise', () => {
    const bytesIn = (regions: readonly Region[]): Set<string> =>
      new Set(
        regions.flatMap(({ domain, offset, size }) =>
          Array.from({ length: size }, (_, at) => `${domain} ${offset + at}`),
        ),
      );
    fc.assert(
      fc.property(fc.array(region, { maxLength: 12 }), (regions) => {
        const { runs } = coalesce(regions);
        expect(bytesIn(runs)).toEqual(bytesIn(regions));
        for (const { domain, offset, size } of runs) {
          expect(runs.filter((other) => other.domain === domain && other.offset === offset + size)).toEqual([]);
        }
      }),
    );
  });

  it.each([0, -1, Number.NaN])('leaves a size of %s to be refused', (size) => {
    expect(coalesce([{ domain: 'WRAM', offset: 4, size }]).runs).toEqual([{ domain: 'WRAM', offset: 4, size }]);
  });

  it('reads what lies close together at once', () => {
    const near = [
      { domain: 'WRAM', offset: 100, size: 2 },
      { domain: 'SRAM', offset: 0, size: 1 },
      { domain: 'WRAM', offset: 10, size: 4 },
      { domain: 'WRAM', offset: 20, size: 1 },
    ];
    expect(coalesce(near, { gap: 6, maxSize: 64 }).runs).toEqual([
      { domain: 'WRAM', offset: 10, size: 11 },
      { domain: 'WRAM', offset: 100, size: 2 },
      { domain: 'SRAM', offset: 0, size: 1 },
    ]);
  });
});
