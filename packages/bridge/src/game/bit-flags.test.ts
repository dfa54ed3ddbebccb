import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitSet, flaggedLocations, setBits } from './bit-flags.js';

describe('bit flags', () => {
  it('count from the lowest or from the highest bit', () => {
    expect(setBits(Uint8Array.of(0b1000_0001, 0, 0b10))).toEqual([0, 7, 17]);
    expect(setBits(Uint8Array.of(0b1000_0001, 0, 0b10), 'msb')).toEqual([0, 7, 22]);
  });

  it('agree with asking bit by bit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), fc.constantFrom<'lsb' | 'msb'>('lsb', 'msb'), (bytes, order) => {
        const asked = Array.from({ length: bytes.length * 8 }, (_, bit) => bit).filter((bit) =>
          bitSet(bytes, bit, order),
        );
        expect(setBits(bytes, order)).toEqual(asked);
      }),
    );
  });

  it('name locations, and nothing beyond the array', () => {
    const locations = new Map([
      [0, 100],
      [1, 101],
      [9, 102],
      [64, 103],
    ]);
    expect(flaggedLocations(Uint8Array.of(0b1, 0b10), locations)).toEqual([100, 102]);
    expect(flaggedLocations(Uint8Array.of(0b1, 0b10), locations, { inverted: true })).toEqual([101]);
    expect(flaggedLocations(new Uint8Array(), locations, { inverted: true })).toEqual([]);
  });
});
