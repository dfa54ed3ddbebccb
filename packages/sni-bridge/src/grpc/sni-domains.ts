import { FX_PAK_PRO, type SnesHeader, WRAM_SIZE } from '@causeway/protocol/snes';
import { DeviceCapability, type SniDevice } from '@causeway/protocol/sni';
import { can } from './sni-console.js';
import type { PlacedDomain } from './sni-memory.js';

/** What only a cartridge shows; elsewhere SNI puts work RAM in these places. Source: `docs/specs/usb2snes.md`, section 3. */
const HARDWARE_ONLY: readonly PlacedDomain[] = [
  { name: 'VRAM', size: 0x1_0000, base: 0xf7_0000, writable: false },
  { name: 'APURAM', size: 0x1_0000, base: 0xf8_0000, writable: false },
  { name: 'CGRAM', size: 0x200, base: 0xf9_0000, writable: false },
  { name: 'OAM', size: 0x220, base: 0xf9_0200, writable: false },
];

/** What bsnes-mercury in RetroArch shows of an ExHiROM file; the banks of the rest show this part again. */
const EXHIROM_VISIBLE = 0x40_0000;

/** The memory that can be had of this game on this device. Without a header: work RAM only. */
export const domainsOf = (device: SniDevice, header: SnesHeader | undefined): readonly PlacedDomain[] => {
  const { kind } = device;
  const writable = can(device, DeviceCapability.WriteMemory);
  const wram = { name: 'WRAM', size: WRAM_SIZE, base: FX_PAK_PRO.wram, writable };
  if (!header) return [wram];
  const coprocessor = header.coprocessor !== undefined;
  const retroarch = kind === 'retroarch';
  // RetroArch shows nothing of what a coprocessor shares; a cartridge mirrors no work RAM for games that have one.
  if (coprocessor && retroarch) return [wram];
  const cartridge = kind === 'fxpakpro';
  const visible = retroarch && header.mapping === 'exhirom' ? EXHIROM_VISIBLE : Number.POSITIVE_INFINITY;
  const size = Math.min(header.romSize, visible);
  const rom = { name: 'ROM', size, base: FX_PAK_PRO.rom, ...(retroarch ? { writable: false } : {}) };
  const sram = { name: 'SRAM', size: header.sramSize, base: FX_PAK_PRO.sram, writable };
  // SNI looks for HiROM save RAM in bank A0, where bsnes-mercury shows none of it.
  const misplaced = retroarch && header.mapping === 'hirom';
  return [
    ...(coprocessor && cartridge ? [] : [wram]),
    ...(header.sramSize > 0 && !misplaced ? [sram] : []),
    ...(size > 0 ? [rom] : []),
    ...(cartridge ? HARDWARE_ONLY : []),
  ];
};
