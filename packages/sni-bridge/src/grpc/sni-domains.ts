import { FX_PAK_PRO, type SnesHeader, WRAM_SIZE } from '@causeway/protocol/snes';
import { DeviceCapability, type SniDevice } from '@causeway/protocol/sni';
import { hasChip } from '../usb2snes/cartridge.js';
import { HARDWARE_AREAS, RETROARCH_ROM_SIZE, ROM_AREA } from '../usb2snes/memory-areas.js';
import { can } from './sni-console.js';
import type { PlacedDomain } from './sni-memory.js';

/** What only a cartridge shows; elsewhere SNI puts work RAM in these places. */
const HARDWARE_ONLY: readonly PlacedDomain[] = HARDWARE_AREAS.map(({ domain, start, end }) => ({
  name: domain,
  size: end - start,
  base: start,
  writable: false,
}));

/** A header, and the bytes it was read from. */
export interface FoundHeader {
  readonly header: SnesHeader;
  readonly bytes: Uint8Array;
}

/** The memory that can be had of this game on this device. Without a header: work RAM only. */
export const domainsOf = (device: SniDevice, found: FoundHeader | undefined): readonly PlacedDomain[] => {
  const { kind } = device;
  const writable = can(device, DeviceCapability.WriteMemory);
  const wram = { name: 'WRAM', size: WRAM_SIZE, base: FX_PAK_PRO.wram, writable };
  if (!found) return [wram];
  const { header, bytes } = found;
  const retroarch = kind === 'retroarch';
  // RetroArch shows nothing of what a coprocessor shares.
  if (header.coprocessor !== undefined && retroarch) return [wram];
  const cartridge = kind === 'fxpakpro';
  const size = Math.min(header.romSize, retroarch ? RETROARCH_ROM_SIZE : ROM_AREA.end - ROM_AREA.start);
  const rom = { name: 'ROM', size, base: FX_PAK_PRO.rom, ...(retroarch || !writable ? { writable: false } : {}) };
  const sram = { name: 'SRAM', size: header.sramSize, base: FX_PAK_PRO.sram, writable };
  // SNI looks for HiROM save RAM in bank A0, where bsnes-mercury shows none of it.
  const misplaced = retroarch && header.mapping === 'hirom';
  return [
    ...(cartridge && hasChip(bytes) ? [] : [wram]),
    ...(header.sramSize > 0 && !misplaced ? [sram] : []),
    ...(size > 0 ? [rom] : []),
    ...(cartridge ? HARDWARE_ONLY : []),
  ];
};
