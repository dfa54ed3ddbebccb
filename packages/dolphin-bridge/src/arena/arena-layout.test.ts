import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ArenaLayout, decideLayout } from './arena-layout.js';

const MIB = 1024 * 1024;
const L1 = 0x4_0000;

interface Case {
  readonly name: string;
  readonly size: number;
  readonly lockedCacheAt: number;
  readonly mem1Size: number;
  readonly mem2Size?: number;
  readonly layout: ArenaLayout;
}

/** Every configuration that was looked at in the real Dolphin: docs/specs/dolphin.md, section 1.1. */
const CONFIGURATIONS: readonly Case[] = [
  {
    name: 'GameCube',
    size: 0x0404_0000,
    lockedCacheAt: 0x0200_0000,
    mem1Size: 24 * MIB,
    layout: {
      system: 'GC',
      mem1: { at: 0, size: 0x0180_0000 },
      lockedCache: { at: 0x0200_0000, size: L1 },
      fakeVmem: { at: 0x0204_0000, size: 0x0200_0000 },
    },
  },
  {
    name: 'GameCube with MMU',
    size: 0x0204_0000,
    lockedCacheAt: 0x0200_0000,
    mem1Size: 24 * MIB,
    layout: { system: 'GC', mem1: { at: 0, size: 0x0180_0000 }, lockedCache: { at: 0x0200_0000, size: L1 } },
  },
  {
    name: 'GameCube with more memory',
    size: 0x0604_0000,
    lockedCacheAt: 0x0400_0000,
    mem1Size: 64 * MIB,
    layout: {
      system: 'GC',
      mem1: { at: 0, size: 0x0400_0000 },
      lockedCache: { at: 0x0400_0000, size: L1 },
      fakeVmem: { at: 0x0404_0000, size: 0x0200_0000 },
    },
  },
  {
    name: 'Wii',
    size: 0x0604_0000,
    lockedCacheAt: 0x0200_0000,
    mem1Size: 24 * MIB,
    mem2Size: 64 * MIB,
    layout: {
      system: 'Wii',
      mem1: { at: 0, size: 0x0180_0000 },
      lockedCache: { at: 0x0200_0000, size: L1 },
      mem2: { at: 0x0204_0000, size: 0x0400_0000 },
    },
  },
  {
    name: 'Wii with more memory',
    size: 0x0c04_0000,
    lockedCacheAt: 0x0400_0000,
    mem1Size: 64 * MIB,
    mem2Size: 128 * MIB,
    layout: {
      system: 'Wii',
      mem1: { at: 0, size: 0x0400_0000 },
      lockedCache: { at: 0x0400_0000, size: L1 },
      mem2: { at: 0x0404_0000, size: 0x0800_0000 },
    },
  },
];

describe.each(CONFIGURATIONS)('the arena of a $name', ({ size, lockedCacheAt, mem1Size, mem2Size, layout }) => {
  const lowMemory = mem2Size === undefined ? { mem1Size } : { mem1Size, mem2Size };

  it('is laid out by its mappings and its low memory', () => {
    expect(decideLayout({ size, lockedCacheAt, lowMemory })).toEqual(layout);
  });

  it('is laid out by its low memory alone, where mappings cannot be seen', () => {
    expect(decideLayout({ size, lowMemory })).toEqual(layout);
  });

  it('is laid out by low memory where a mapping says what cannot be', () => {
    for (const wrong of [0, 0x0204_0000, 0x1000_0000]) {
      expect(decideLayout({ size, lockedCacheAt: wrong, lowMemory })).toEqual(layout);
    }
  });

  it('is laid out by its mappings where low memory says nothing', () => {
    const found = decideLayout({ size, lockedCacheAt, lowMemory: {} });
    expect(found).toMatchObject({ system: layout.system, lockedCache: layout.lockedCache });
  });
});

describe('decideLayout', () => {
  it('does not guess between two readings of one size', () => {
    expect(decideLayout({ size: 0x0604_0000, lowMemory: {} })).toBeUndefined();
  });

  it('takes no object of another size for an arena', () => {
    for (const size of [0, 1, 0x4_0000, 0x0200_0000, 0x0304_0000, 0x7fff_ffff]) {
      expect(decideLayout({ size, lowMemory: { mem1Size: 24 * MIB } })).toBeUndefined();
    }
  });

  it('never lays a part outside of the arena, or two on top of each other', () => {
    const size = fc.oneof(fc.nat(0x1000_0000), fc.constantFrom(...CONFIGURATIONS.map((one) => one.size)));
    const word = fc.option(fc.nat(0x1000_0000), { nil: undefined });
    fc.assert(
      fc.property(size, word, word, word, (whole, lockedCacheAt, mem1Size, mem2Size) => {
        const lowMemory = {
          ...(mem1Size === undefined ? {} : { mem1Size }),
          ...(mem2Size === undefined ? {} : { mem2Size }),
        };
        const layout = decideLayout({ size: whole, lockedCacheAt, lowMemory });
        if (!layout) return;
        const { mem1, lockedCache, mem2, fakeVmem } = layout;
        let end = 0;
        for (const part of [mem1, lockedCache, mem2, fakeVmem]) {
          if (!part) continue;
          expect(part.at).toBeGreaterThanOrEqual(end);
          end = part.at + part.size;
        }
        expect(end).toBeLessThanOrEqual(whole);
      }),
    );
  });
});
