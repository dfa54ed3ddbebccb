import type { SnesArea, SnesMapping } from '@causeway/protocol/snes';
import type { SnesConsole } from './snes-console.js';

/** What a bus address shows, up to the end of the block of memory it lies in. */
export interface BusBlock {
  readonly area: SnesArea;
  /** Offset into that part of memory, and where the block ends there. */
  readonly offset: number;
  readonly end: number;
}

/** RetroArch's words for an address that shows nothing. */
export type NoBlock = 'no memory map defined' | 'no descriptor for address' | 'no data for descriptor';

interface Spot {
  readonly area: 'rom' | 'sram';
  readonly offset: number;
}
type Locate = (bank: number, address: number) => Spot | 'no data for descriptor' | undefined;

const UPPER_HALF = 0x8000;
const LOW_WRAM = 0x2000;
const isSystemBank = (bank: number): boolean => (bank & 0x40) === 0;
const isSaveWindow = (address: number): boolean => address >= 0x6000 && address < UPPER_HALF;
const rom = (offset: number): Spot => ({ area: 'rom', offset });
const sram = (offset: number): Spot => ({ area: 'sram', offset });

const lorom: Locate = (bank, address) => {
  if (address >= UPPER_HALF) return rom(((bank & 0x7f) << 15) | (address & 0x7fff));
  return (bank & 0x70) === 0x70 ? sram(((bank & 0x0f) << 15) | address) : undefined;
};

const hirom: Locate = (bank, address) => {
  const linear = ((bank & 0x3f) << 16) | address;
  if (!isSystemBank(bank)) return rom(linear);
  // The upper halves show the wrong half of each bank.
  if (address >= UPPER_HALF) return rom(linear - UPPER_HALF);
  if (!isSaveWindow(address)) return undefined;
  return (bank & 0x10) === 0 ? 'no data for descriptor' : sram(((bank & 0x0f) << 13) | (address & 0x1fff));
};

const exhirom: Locate = (bank, address) => {
  // The second half of the ROM shows nowhere: its banks show the first.
  if (!isSystemBank(bank)) return bank === 0x70 ? sram(address) : rom(((bank & 0x3f) << 16) | address);
  if (address >= UPPER_HALF) return rom(((bank & 0x3f) << 16) | address);
  return isSaveWindow(address) && (bank & 0x20) !== 0 ? sram(((bank & 0x1f) << 13) | (address & 0x1fff)) : undefined;
};

const LOCATE: Readonly<Record<SnesMapping, Locate>> = { lorom, hirom, exhirom, sa1: () => undefined };

/**
 * What bsnes-mercury shows RetroArch at an address of the console's bus, its mistakes included (`docs/specs/retroarch.md`).
 * Memory smaller than its place repeats.
 */
export const retroarchBlock = ({ cartridge, memory }: SnesConsole, bus: number): BusBlock | NoBlock => {
  if (!cartridge) return 'no memory map defined';
  const bank = bus >>> 16;
  const address = bus & 0xffff;
  if (bank === 0x7e || bank === 0x7f) return { area: 'wram', offset: bus - 0x7e_0000, end: memory.wram.length };
  if (bank > 0xff) return 'no descriptor for address';
  if (isSystemBank(bank) && address < LOW_WRAM) return { area: 'wram', offset: address, end: LOW_WRAM };
  const { header } = cartridge;
  const spot = header && !header.coprocessor ? LOCATE[header.mapping](bank, address) : undefined;
  if (spot === undefined) return 'no descriptor for address';
  if (typeof spot === 'string') return spot;
  const { length } = memory[spot.area];
  return length === 0 ? 'no data for descriptor' : { area: spot.area, offset: spot.offset % length, end: length };
};
