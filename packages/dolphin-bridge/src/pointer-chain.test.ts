import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canFollow, followPointers, MOST_POINTERS } from './pointer-chain.js';

const words = (entries: Readonly<Record<number, number>>) => (address: number) => entries[address];
const domains = [
  { name: 'MEM1', size: 0x0180_0000 },
  { name: 'FakeVMEM', size: 0x0200_0000 },
];

describe('followPointers', () => {
  const memory = words({ 2150629376: 0x8040_0000, 2151677968: 0x8050_0000, 2153775104: 0xc040_0000, 2154823680: 0 });

  it.each([
    ['nothing to follow', 0x8030_0000, [], 0x8030_0000],
    ['one pointer', 0x8030_0000, [0], 0x8040_0000],
    ['the last sum, which is not read', 0x8030_0000, [0x10, 0x8], 0x8050_0008],
    ['an offset backwards', 0x8030_0000, [-4], 0x803f_fffc],
    ['uncached pointers, on the cached side', 0xc030_0000, [0x10, 0], 0x8050_0000],
    ['a word that is uncached', 0x8060_0000, [0x10, 4], 0x8050_0004],
  ])('gives %s', (_, address, offsets, end) => {
    expect(followPointers(address, offsets, memory)).toEqual({ ok: true, address: end });
  });

  it('says where it breaks', () => {
    expect(followPointers(0x8070_0000, [4, 8], memory)).toMatchObject({ ok: false, step: 1, reason: 'null' });
    expect(followPointers(0x8030_0000, [4, 8], memory)).toEqual({
      ok: false,
      step: 2,
      reason: 'invalid',
      message: 'no memory behind the pointer at step 2',
    });
  });

  it('follows only so far', () => {
    const loop = words({ 2147483648: 0x8000_0000 });
    expect(followPointers(0x8000_0000, new Array(MOST_POINTERS).fill(0), loop).ok).toBe(true);
    expect(() => followPointers(0x8000_0000, new Array(MOST_POINTERS + 1).fill(0), loop)).toThrow(RangeError);
  });

  it('ends in 32 bits, whatever it reads', () => {
    const word = fc.nat(0xffff_ffff);
    fc.assert(
      fc.property(
        word,
        fc.array(fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }), { maxLength: 16 }),
        word,
        (at, offsets, value) => {
          const end = followPointers(at, offsets, () => value);
          if (!end.ok) return;
          expect(end.address).toBeGreaterThanOrEqual(0);
          expect(end.address).toBeLessThanOrEqual(0xffff_ffff);
        },
      ),
    );
  });
});

describe('canFollow', () => {
  it.each([
    [0x8000_0000, true],
    [0xc17f_fffc, true],
    [0x817f_fffd, false],
    [0x9000_0000, false],
    [0x7e00_0000, true],
    [0x0000_0000, false],
    [0xcc00_0000, false],
  ])('%i: %s', (address, possible) => {
    expect(canFollow({ domains }, address)).toBe(possible);
  });
});
