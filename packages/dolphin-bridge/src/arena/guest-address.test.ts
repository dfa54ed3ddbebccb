import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArenaLayout } from './arena-layout.js';
import { arenaOffset, domainsOf, guestRanges } from './guest-address.js';

const GAMECUBE: ArenaLayout = {
  system: 'GC',
  mem1: { at: 0, size: 0x0180_0000 },
  lockedCache: { at: 0x0200_0000, size: 0x4_0000 },
  fakeVmem: { at: 0x0204_0000, size: 0x0200_0000 },
};
const WII: ArenaLayout = {
  system: 'Wii',
  mem1: { at: 0, size: 0x0180_0000 },
  lockedCache: { at: 0x0200_0000, size: 0x4_0000 },
  mem2: { at: 0x0204_0000, size: 0x0400_0000 },
};
const { fakeVmem: _, ...WITH_MMU } = GAMECUBE;

const coded = (code: string, fix?: RegExp) =>
  expect.objectContaining({ code, ...(fix ? { fix: expect.stringMatching(fix) } : {}) });

describe('arenaOffset on the bus', () => {
  it.each([
    ['MEM1', GAMECUBE, 0x8000_0000, 0],
    ['the end of MEM1', GAMECUBE, 0x817f_fffc, 0x017f_fffc],
    ['MEM1 uncached', GAMECUBE, 0xc030_0010, 0x0030_0010],
    ['the fake VMEM', GAMECUBE, 0x7e00_0100, 0x0204_0100],
    ['the locked cache', GAMECUBE, 0xe000_0000, 0x0200_0000],
    ['MEM2', WII, 0x9010_0000, 0x0214_0000],
    ['MEM2 uncached', WII, 0xd010_0000, 0x0214_0000],
  ])('finds %s', (_name, layout, address, offset) => {
    expect(arenaOffset(layout, 'Bus', address, 4)).toBe(offset);
  });

  it.each([
    ['a register', GAMECUBE, 0xcc00_3000, 4, /registers/],
    ['a register of the Wii', WII, 0xcd00_0000, 4, /registers/],
    ['a null pointer', GAMECUBE, 0x0000_0010, 4, /null pointer/],
    ['MEM2 on a GameCube', GAMECUBE, 0x9000_0000, 4, /no MEM2/],
    ['the fake VMEM with MMU', WITH_MMU, 0x7e00_0000, 4, /MMU emulation off/],
    ['the fake VMEM of a Wii', WII, 0x7e00_0000, 4, /GameCube only/],
    ['what Dolphin rounds MEM1 up by', GAMECUBE, 0x8180_0000, 4, /0x80000000 to 0x817FFFFF/],
    ['a stretch that leaves MEM1', GAMECUBE, 0x817f_fffe, 4, /Check the address/],
    ['the last address', GAMECUBE, 0xffff_ffff, 1, /Check the address/],
  ])('refuses %s, and says where memory is', (_name, layout, address, size, fix) => {
    expect(() => arenaOffset(layout, 'Bus', address, size)).toThrowError(coded('address_unmapped', fix));
  });

  it('never leads outside of the part it names', () => {
    const address = fc.oneof(fc.nat(0xffff_ffff), fc.constantFrom(0x8000_0000, 0x817f_ffff, 0x9000_0000, 0x7dff_ffff));
    fc.assert(
      fc.property(
        fc.constantFrom(GAMECUBE, WITH_MMU, WII),
        address,
        fc.integer({ min: 1, max: 0x0200_0000 }),
        (layout, at, size) => {
          let offset: number;
          try {
            offset = arenaOffset(layout, 'Bus', at, size);
          } catch (error) {
            expect(error).toEqual(coded('address_unmapped'));
            return;
          }
          const home = guestRanges(layout).find(
            ({ part }) => offset >= part.at && offset + size <= part.at + part.size,
          );
          expect(home).toBeDefined();
        },
      ),
    );
  });
});

describe('arenaOffset in a memory of its own', () => {
  it('counts from its beginning', () => {
    expect(arenaOffset(WII, 'MEM1', 0x10, 4)).toBe(0x10);
    expect(arenaOffset(WII, 'MEM2', 0x10, 4)).toBe(0x0204_0010);
    expect(arenaOffset(GAMECUBE, 'FakeVMEM', 0x10, 4)).toBe(0x0204_0010);
  });

  it('stays inside', () => {
    expect(() => arenaOffset(WII, 'MEM1', 0x0180_0000, 1)).toThrowError(coded('address_out_of_range'));
    expect(() => arenaOffset(WII, 'MEM2', 0x0400_0000 - 3, 4)).toThrowError(coded('address_out_of_range'));
    expect(() => arenaOffset(WII, 'MEM1', -1, 1)).toThrowError(coded('address_out_of_range'));
  });

  it('knows only what is there', () => {
    for (const domain of ['MEM2', 'ARAM', 'mem1', 'FakeVMEM ']) {
      expect(() => arenaOffset(GAMECUBE, domain, 0, 1)).toThrowError(coded('domain_unknown'));
    }
    expect(() => arenaOffset(WITH_MMU, 'FakeVMEM', 0, 1)).toThrowError(coded('domain_unknown'));
  });

  it('is listed by name, the bus last', () => {
    const names = (layout: ArenaLayout) => domainsOf(layout).map(({ name }) => name);
    expect(names(GAMECUBE)).toEqual(['MEM1', 'FakeVMEM', 'Bus']);
    expect(names(WITH_MMU)).toEqual(['MEM1', 'Bus']);
    expect(names(WII)).toEqual(['MEM1', 'MEM2', 'Bus']);
  });
});
