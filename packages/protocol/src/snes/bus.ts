import { fxPakProOf, hexAddress, isBelow, placeOfFxPakPro, type SnesPlace, unmapped, WRAM_SIZE } from './place.js';

/**
 * How a cartridge's ROM and save RAM lie on the console's bus.
 *
 * `sa1` assumes the bank registers as they are after a reset; a game may set them otherwise.
 */
export type SnesMapping = 'lorom' | 'hirom' | 'exhirom' | 'sa1';

export const SNES_MAPPINGS: readonly SnesMapping[] = ['lorom', 'hirom', 'exhirom', 'sa1'];

/** Which variant of a mapping, where programs differ. */
export interface BusOptions {
  /** First bank of HiROM save RAM: $A0 as SNI has it (default), $B0 on bsnes-mercury. */
  readonly hiromSramBank?: 0xa0 | 0xb0;
}

interface BusMap {
  /** Bus address of a ROM byte; nothing where it cannot be reached. */
  rom(offset: number): number | undefined;
  /** Bus address of a save RAM byte. */
  sram(offset: number): number | undefined;
  /** What ROM or save RAM a bus address outside of work RAM shows. */
  place(bank: number, address: number): SnesPlace | undefined;
}

const UPPER_HALF = 0x8000;
const MIB_4 = 0x40_0000;

/** Banks $00-$3F and $80-$BF, where the console's own memory lies below $8000. */
const isSystemBank = (bank: number): boolean => (bank & 0x40) === 0;

const rom = (offset: number): SnesPlace => ({ area: 'rom', offset });
const sram = (offset: number): SnesPlace => ({ area: 'sram', offset });

/** Upper halves of banks, 32 KiB each, from `firstBank` on. */
const upperHalves = (firstBank: number, offset: number): number =>
  ((firstBank + (offset >> 15)) << 16) + (UPPER_HALF | (offset & 0x7fff));

const lorom: BusMap = {
  rom: (offset) => (isBelow(offset, MIB_4) ? upperHalves(0x80, offset) : undefined),
  sram: (offset) => {
    if (!isBelow(offset, 0x8_0000)) return undefined;
    const block = offset >> 15;
    // Banks $7E and $7F are work RAM; their mirrors $FE and $FF are not.
    return ((block < 0x0e ? 0x70 + block : 0xf0 + block) << 16) + (offset & 0x7fff);
  },
  place: (bank, address) => {
    if (address >= UPPER_HALF) return rom(((bank & 0x7f) << 15) | (address & 0x7fff));
    return (bank & 0x70) === 0x70 ? sram(((bank & 0x0f) << 15) | address) : undefined;
  },
};

/** 8 KiB windows at $6000 of the banks from `firstBank` on. */
const sramWindow = (firstBank: number, banks: number, offset: number): number | undefined =>
  isBelow(offset, banks << 13) ? ((firstBank + (offset >> 13)) << 16) + 0x6000 + (offset & 0x1fff) : undefined;

const placeInWindow = (firstBank: number, banks: number, bank: number, address: number): SnesPlace | undefined => {
  const window = (bank & 0x3f) - (firstBank & 0x3f);
  if (!isSystemBank(bank) || address < 0x6000 || address >= UPPER_HALF || !isBelow(window, banks)) return undefined;
  return sram((window << 13) | (address & 0x1fff));
};

const hirom = (firstBank: 0xa0 | 0xb0): BusMap => {
  const banks = firstBank === 0xa0 ? 0x20 : 0x10;
  return {
    rom: (offset) => (isBelow(offset, MIB_4) ? 0xc0_0000 + offset : undefined),
    sram: (offset) => sramWindow(firstBank, banks, offset),
    place: (bank, address) => {
      if (!isSystemBank(bank) || address >= UPPER_HALF) return rom(((bank & 0x3f) << 16) | address);
      return placeInWindow(firstBank, banks, bank, address);
    },
  };
};

const exhirom: BusMap = {
  rom: (offset) => {
    if (isBelow(offset, MIB_4)) return 0xc0_0000 + offset;
    if (isBelow(offset, 0x7e_0000)) return offset;
    // Work RAM lies where the last two banks would; only their upper halves show again, in $3E and $3F.
    return isBelow(offset, 0x80_0000) && (offset & UPPER_HALF) !== 0 ? offset - MIB_4 : undefined;
  },
  sram: (offset) => sramWindow(0xa0, 0x20, offset),
  place: (bank, address) => {
    const low = ((bank & 0x3f) << 16) | address;
    if (!isSystemBank(bank) || address >= UPPER_HALF) return rom(bank >= 0x80 ? low : MIB_4 | low);
    return placeInWindow(0xa0, 0x20, bank, address);
  },
};

const MIB_2 = 0x20_0000;

const sa1: BusMap = {
  rom: (offset) => {
    if (isBelow(offset, MIB_2)) return upperHalves(0x00, offset);
    return isBelow(offset, MIB_4) ? upperHalves(0x80, offset - MIB_2) : undefined;
  },
  sram: (offset) => (isBelow(offset, 0x4_0000) ? 0x40_0000 + offset : undefined),
  place: (bank, address) => {
    if (bank >= 0xc0) return rom(((bank & 0x3f) << 16) | address);
    if (bank >= 0x40 && bank <= 0x43) return sram(((bank & 0x03) << 16) | address);
    if (!isSystemBank(bank) || address < UPPER_HALF) return undefined;
    return rom((bank >= 0x80 ? MIB_2 : 0) + (((bank & 0x3f) << 15) | (address & 0x7fff)));
  },
};

const busMap = (mapping: SnesMapping, { hiromSramBank = 0xa0 }: BusOptions): BusMap => {
  switch (mapping) {
    case 'lorom':
      return lorom;
    case 'hirom':
      return hirom(hiromSramBank);
    case 'exhirom':
      return exhirom;
    case 'sa1':
      return sa1;
  }
};

const WRAM_BUS = 0x7e_0000;
/** The first part of work RAM shows again at the bottom of every system bank. */
const LOW_WRAM = 0x2000;

/**
 * The bus address at which a byte is reached.
 *
 * @throws `address_unmapped` where the mapping does not show it
 */
export const busOf = (mapping: SnesMapping, place: SnesPlace, options: BusOptions = {}): number => {
  const { area, offset } = place;
  if (Number.isInteger(offset) && offset >= 0) {
    if (area === 'wram' && offset < WRAM_SIZE) return WRAM_BUS + offset;
    const map = busMap(mapping, options);
    const bus = area === 'rom' ? map.rom(offset) : area === 'sram' ? map.sram(offset) : undefined;
    if (bus !== undefined) return bus;
  }
  throw unmapped(`${area} ${hexAddress(offset)} (${mapping})`, { mapping, area, offset });
};

/**
 * What a bus address shows. Several addresses show the same byte; {@link busOf} gives one of them.
 *
 * @throws `address_unmapped` for registers, expansion areas and addresses outside of the bus
 */
export const placeOfBus = (mapping: SnesMapping, bus: number, options: BusOptions = {}): SnesPlace => {
  if (!isBelow(bus, 0x100_0000)) throw unmapped(`Bus address ${bus}`, { mapping, bus });
  if (isBelow(bus - WRAM_BUS, WRAM_SIZE)) return { area: 'wram', offset: bus - WRAM_BUS };
  const bank = bus >> 16;
  const address = bus & 0xffff;
  if (isSystemBank(bank) && address < LOW_WRAM) return { area: 'wram', offset: address };
  const place = busMap(mapping, options).place(bank, address);
  if (!place) throw unmapped(`Bus address ${hexAddress(bus)} (${mapping})`, { mapping, bus });
  return place;
};

export const busOfFxPakPro = (mapping: SnesMapping, address: number, options: BusOptions = {}): number =>
  busOf(mapping, placeOfFxPakPro(address), options);

export const fxPakProOfBus = (mapping: SnesMapping, bus: number, options: BusOptions = {}): number =>
  fxPakProOf(placeOfBus(mapping, bus, options));
