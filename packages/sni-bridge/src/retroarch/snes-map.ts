import { busOf, type SnesHeader, WRAM_SIZE } from '@causeway/protocol/snes';
import { type MemoryMap, mapOfWindows, windowsOf } from './memory-map.js';

const BANK = 0x1_0000;
const HALF_BANK = 0x8000;
const SRAM_WINDOW = 0x2000;
/**
 * What the console's bus shows of a ROM at most, whatever its header says. Of ExHiROM it shows no more on bsnes-mercury, either: the
 * banks of the upper part show the lower one again (measured).
 */
const MOST_ROM = 0x40_0000;

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
  const rom = windowsOf('ROM', Math.min(romSize, MOST_ROM), lorom ? HALF_BANK : BANK, (offset) =>
    busOf(mapping, { area: 'rom', offset }, options),
  );
  const sram = windowsOf('SRAM', sramSize, lorom ? HALF_BANK : SRAM_WINDOW, (offset) =>
    busOf(mapping, { area: 'sram', offset }, options),
  );
  return mapOfWindows('SNES', [...wram(), ...sram, ...rom], READ_ONLY);
};
