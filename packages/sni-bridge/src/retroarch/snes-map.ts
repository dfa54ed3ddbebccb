import { busOf, type SnesHeader, WRAM_SIZE } from '@causeway/protocol/snes';
import { type MemoryMap, mapOfWindows, windowsOf } from './memory-map.js';

const BANK = 0x1_0000;
const HALF_BANK = 0x8000;
const SRAM_WINDOW = 0x2000;
/** The upper part of an ExHiROM file cannot be read: its banks show the lower part again (measured). */
const EXHIROM_VISIBLE = 0x40_0000;

const READ_ONLY: ReadonlySet<string> = new Set(['ROM']);

const wram = () => windowsOf('WRAM', WRAM_SIZE, BANK, (offset) => busOf('lorom', { area: 'wram', offset }));

/**
 * What bsnes-mercury shows of a cartridge (measured, `docs/specs/retroarch.md`).
 *
 * Without a header, and for cartridges with a processor of their own, that is work RAM alone: what else it answers there may be
 * memory of RetroArch itself.
 */
export const snesMap = (header: SnesHeader | undefined): MemoryMap => {
  if (!header || header.coprocessor !== undefined || header.mapping === 'sa1') {
    return mapOfWindows('SNES', wram(), READ_ONLY);
  }
  const { mapping, romSize, sramSize } = header;
  const options = { hiromSramBank: 0xb0 } as const;
  const lorom = mapping === 'lorom';
  const visible = mapping === 'exhirom' ? Math.min(romSize, EXHIROM_VISIBLE) : romSize;
  const rom = windowsOf('ROM', visible, lorom ? HALF_BANK : BANK, (offset) =>
    busOf(mapping, { area: 'rom', offset }, options),
  );
  const sram = windowsOf('SRAM', sramSize, lorom ? HALF_BANK : SRAM_WINDOW, (offset) =>
    busOf(mapping, { area: 'sram', offset }, options),
  );
  return mapOfWindows('SNES', [...wram(), ...sram, ...rom], READ_ONLY);
};
