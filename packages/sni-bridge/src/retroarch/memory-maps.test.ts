import { parseSnesHeader } from '@causeway/protocol/snes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { putHeader } from '../testing/put-header.js';
import { gameBoyAdvanceMap, gameBoyMap } from './handheld-maps.js';
import type { MemoryMap } from './memory-map.js';
import { snesMap } from './snes-map.js';

const headerOf = (stated: Parameters<typeof putHeader>[2]) => {
  const bytes = new Uint8Array(0x50);
  putHeader(bytes, 0, stated);
  return parseSnesHeader(bytes, 0x00_7fb0);
};
const domains = (map: MemoryMap): Readonly<Record<string, number>> =>
  Object.fromEntries(map.domains.map(({ name, size }) => [name, size]));
const spans = (map: MemoryMap, domain: string, offset: number, size: number): readonly (readonly [number, number])[] =>
  map.spans({ domain, offset, size }).map(({ address, size: part }) => [address, part]);

const MAPS: Readonly<Record<string, MemoryMap>> = {
  lorom: snesMap(headerOf({ mode: 0x30, rom: 12, ram: 5 })),
  hirom: snesMap(headerOf({ mode: 0x31, rom: 12, ram: 5 })),
  exhirom: snesMap(headerOf({ mode: 0x35, rom: 13, ram: 5 })),
  'Game Boy': gameBoyMap({ color: false, cartRamSize: 0x2000, highRam: true }),
  'Game Boy Color': gameBoyMap({ color: true, cartRamSize: 0x8000, highRam: false }),
  Advance: gameBoyAdvanceMap(0x100_0000),
};

describe.each(Object.entries(MAPS))('%s', (_, map) => {
  it('covers every byte of every domain once, in order, within blocks', () => {
    fc.assert(
      fc.property(fc.constantFrom(...map.domains), fc.nat(), fc.nat(), ({ name, size }, at, length) => {
        const offset = at % size;
        const wanted = 1 + (length % Math.min(0x4_0000, size - offset));
        const found = map.spans({ domain: name, offset, size: wanted });
        expect(found.reduce((sum, span) => sum + span.size, 0)).toBe(wanted);
        for (const { address, size: part, block } of found) {
          expect(address).toBeGreaterThanOrEqual(block.start);
          expect(address + part).toBeLessThanOrEqual(block.end);
        }
      }),
    );
  });
});

/** Section 4 of `docs/specs/retroarch.md`. */
describe('bsnes-mercury', () => {
  it('has HiROM save RAM from bank B0 on, and ROM at C0', () => {
    const map = MAPS['hirom']!;
    expect(spans(map, 'SRAM', 0x1ffe, 4)).toEqual([
      [0xb0_7ffe, 2],
      [0xb1_6000, 2],
    ]);
    expect(spans(map, 'ROM', 0xffff, 2)).toEqual([
      [0xc0_ffff, 1],
      [0xc1_0000, 1],
    ]);
  });

  it('has LoROM in halves of banks', () => {
    const map = MAPS['lorom']!;
    expect(spans(map, 'ROM', 0x7fff, 2)).toEqual([
      [0x80_ffff, 1],
      [0x81_8000, 1],
    ]);
    expect(spans(map, 'SRAM', 0, 4)).toEqual([[0x70_0000, 4]]);
    expect(spans(map, 'WRAM', 0xffff, 2)).toEqual([
      [0x7e_ffff, 1],
      [0x7f_0000, 1],
    ]);
  });

  it('shows the first half of ExHiROM, and save RAM from A0 on', () => {
    const map = MAPS['exhirom']!;
    expect(domains(map)).toEqual({ WRAM: 0x2_0000, SRAM: 0x8000, ROM: 0x40_0000 });
    expect(spans(map, 'SRAM', 0x2000, 1)).toEqual([[0xa1_6000, 1]]);
  });

  it.each([
    ['SA-1', { mode: 0x23, type: 0x35 }],
    ['Super FX', { mode: 0x20, type: 0x15 }],
  ])('offers work RAM alone with %s', (_, stated) => {
    expect(domains(snesMap(headerOf(stated)))).toEqual({ WRAM: 0x2_0000 });
    expect(domains(snesMap(undefined))).toEqual({ WRAM: 0x2_0000 });
  });

  it.each([
    [0x20, 15],
    [0x21, 13],
    [0x25, 15],
    [0x22, 14],
    [0x2f, 15],
  ])('makes a map of any header: mode %i that states a ROM of 1 KiB << %i', (mode, rom) => {
    expect(domains(snesMap(headerOf({ mode, rom, ram: 7 })))).toEqual({
      WRAM: 0x2_0000,
      SRAM: 0x2_0000,
      ROM: 0x40_0000,
    });
  });
});

describe('handhelds', () => {
  it('name what a Game Boy Color always has at one place', () => {
    expect(domains(MAPS['Game Boy Color']!)).toEqual({ WRAM: 0x1000, ROM: 0x4000, 'System Bus': 0x1_0000 });
  });

  it('cut a Game Boy’s bus where the cores do', () => {
    const map = MAPS['Game Boy']!;
    expect(spans(map, 'WRAM', 0x0ffe, 4)).toEqual([
      [0xcffe, 2],
      [0xd000, 2],
    ]);
    expect(spans(map, 'System Bus', 0xff7e, 0x82)).toEqual([
      [0xff7e, 2],
      [0xff80, 0x7f],
      [0xffff, 1],
    ]);
  });

  it('offer no ROM of an unknown size', () => {
    expect(domains(gameBoyAdvanceMap(0))['ROM']).toBeUndefined();
  });
});
