import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CausewayError } from '../errors/index.js';
import { busOf, busOfFxPakPro, fxPakProOfBus, placeOfBus, SNES_MAPPINGS, type SnesMapping } from './bus.js';
import { fxPakProOf, placeOfFxPakPro, type SnesPlace } from './place.js';

const place = fc.record({
  area: fc.constantFrom('rom', 'sram', 'wram'),
  offset: fc.oneof(fc.integer({ min: -1, max: 0x90_0000 }), fc.maxSafeInteger()),
}) as fc.Arbitrary<SnesPlace>;
const options = fc.constantFrom({}, { hiromSramBank: 0xa0 } as const, { hiromSramBank: 0xb0 } as const);
const mapping = fc.constantFrom(...SNES_MAPPINGS);

/** What it gives, or nothing where it is not defined. Any other failure is a bug. */
const defined = <T>(translate: () => T): T | undefined => {
  try {
    return translate();
  } catch (error) {
    if (CausewayError.is(error) && error.code === 'address_unmapped') return undefined;
    throw error;
  }
};

describe('there and back', () => {
  it('is the same byte, wherever a byte is on the bus', () => {
    fc.assert(
      fc.property(mapping, place, options, (map, from, which) => {
        const bus = defined(() => busOf(map, from, which));
        if (bus !== undefined) expect(placeOfBus(map, bus, which)).toEqual(from);
      }),
      { numRuns: 5000 },
    );
  });

  it('is a mirror of the same byte, wherever the bus shows one', () => {
    fc.assert(
      fc.property(mapping, fc.integer({ min: -1, max: 0x100_0000 }), options, (map, bus, which) => {
        const shown = defined(() => placeOfBus(map, bus, which));
        if (!shown) return;
        const again = defined(() => busOf(map, shown, which));
        if (again !== undefined) expect(placeOfBus(map, again, which)).toEqual(shown);
      }),
      { numRuns: 5000 },
    );
  });

  it('is the same FX Pak Pro address', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 0x100_0000 }), (address) => {
        const shown = defined(() => placeOfFxPakPro(address));
        if (shown) expect(fxPakProOf(shown)).toBe(address);
        else expect(address < 0 || (address >= 0xf0_0000 && address < 0xf5_0000) || address >= 0xf7_0000).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});

/** From the tables of `docs/specs/usb2snes.md`: FX Pak Pro address, mapping, bus address. */
const KNOWN: readonly (readonly [number, SnesMapping, number])[] = [
  [0x00_7fc0, 'lorom', 0x80_ffc0],
  [0x27_7f04, 'lorom', 0xce_ff04],
  [0x3f_ffff, 'lorom', 0xff_ffff],
  [0xe0_2000, 'lorom', 0x70_2000],
  [0xe7_0000, 'lorom', 0xfe_0000],
  [0x00_ffc0, 'hirom', 0xc0_ffc0],
  [0xe0_33fe, 'hirom', 0xa1_73fe],
  [0x00_ffc0, 'exhirom', 0xc0_ffc0],
  [0x40_ffc0, 'exhirom', 0x40_ffc0],
  [0x7e_8000, 'exhirom', 0x3e_8000],
  [0xe0_4000, 'exhirom', 0xa2_6000],
  [0x00_7fc0, 'sa1', 0x00_ffc0],
  [0x20_0000, 'sa1', 0x80_8000],
  [0xe0_8100, 'sa1', 0x40_8100],
  [0xf5_0998, 'lorom', 0x7e_0998],
  [0xf6_8000, 'hirom', 0x7f_8000],
];

describe('known addresses', () => {
  it.each(KNOWN)('%i on %s', (fxPakPro, map, bus) => {
    expect(busOfFxPakPro(map, fxPakPro)).toBe(bus);
    expect(fxPakProOfBus(map, bus)).toBe(fxPakPro);
  });

  it('HiROM save RAM lies elsewhere on bsnes-mercury', () => {
    expect(busOf('hirom', { area: 'sram', offset: 0x33fe }, { hiromSramBank: 0xb0 })).toBe(0xb1_73fe);
  });

  it.each([
    ['lorom', 0x00_2100],
    ['lorom', 0x40_0000],
    ['hirom', 0x10_6000],
    ['sa1', 0x00_6000],
    ['exhirom', 0x00_4016],
  ] as const)('registers and windows are no memory: %s %i', (map, bus) => {
    expect(defined(() => placeOfBus(map, bus))).toBeUndefined();
  });

  it.each([
    ['lorom', 'rom', 0x40_0000],
    ['hirom', 'rom', 0x40_0000],
    ['exhirom', 'rom', 0x7e_0000],
    ['lorom', 'sram', 0x8_0000],
    ['lorom', 'sram', 0x1_0000_0000],
    ['hirom', 'sram', 0x8000_0000],
    ['exhirom', 'sram', 0x4_0000],
    ['sa1', 'sram', 0x4_0000],
    ['lorom', 'wram', 0x2_0000],
  ] as const)('what the map does not reach is an error: %s %s %i', (map, area, offset) => {
    expect(defined(() => busOf(map, { area, offset }))).toBeUndefined();
  });
});
