import { FX_PAK_PRO, WRAM_SIZE } from '@causeway/protocol/snes';
import { FIRST_HARDWARE_ADDRESS } from '@causeway/protocol/usb2snes';

/** A stretch of the FX Pak Pro's map of the console, which every usb2snes server keeps to, and the memory that lies there. */
export interface MemoryArea {
  readonly domain: string;
  readonly start: number;
  /** First address behind it. */
  readonly end: number;
}

/** What every device has, linear and without copier header. Source: `docs/specs/usb2snes.md`, section 3. */
export const ROM_AREA: MemoryArea = { domain: 'ROM', start: FX_PAK_PRO.rom, end: FX_PAK_PRO.sram };
export const SRAM_AREA: MemoryArea = { domain: 'SRAM', start: FX_PAK_PRO.sram, end: 0xf0_0000 };
export const WRAM_AREA: MemoryArea = { domain: 'WRAM', start: FX_PAK_PRO.wram, end: FX_PAK_PRO.wram + WRAM_SIZE };

/** What bsnes-mercury in RetroArch shows of a ROM, in bytes; of ExHiROM it shows this part again in place of the rest. */
export const RETROARCH_ROM_SIZE = 0x40_0000;

/** What only a real console shows there; emulators show work RAM instead. */
export const HARDWARE_AREAS: readonly MemoryArea[] = [
  { domain: 'VRAM', start: FIRST_HARDWARE_ADDRESS, end: 0xf8_0000 },
  { domain: 'APURAM', start: 0xf8_0000, end: 0xf9_0000 },
  { domain: 'CGRAM', start: 0xf9_0000, end: 0xf9_0200 },
  { domain: 'OAM', start: 0xf9_0200, end: 0xf9_0420 },
];
