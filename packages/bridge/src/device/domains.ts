import type { System } from './contract.js';

/**
 * Canonical memory domains per system: the names game modules use, whatever emulator serves the system.
 * They are BizHawk's names where BizHawk serves the system, so that existing worlds' knowledge carries over
 * (source: the connector specification, section 13.2). Drivers translate; a driver that cannot, says the domain is unknown.
 *
 * Order is the order in which `info` lists them.
 */
export const CANONICAL_DOMAINS: Readonly<Record<System, readonly string[]>> = {
  NES: ['RAM', 'WRAM', 'PRG ROM', 'CHR VROM', 'CHR', 'CIRAM (nametables)', 'PALRAM', 'OAM', 'System Bus'],
  SNES: ['WRAM', 'SRAM', 'ROM', 'VRAM', 'OAM', 'CGRAM', 'APURAM', 'System Bus'],
  GBA: ['EWRAM', 'IWRAM', 'ROM', 'SRAM', 'Combined WRAM', 'BIOS', 'PALRAM', 'VRAM', 'OAM', 'System Bus'],
  GB: ['WRAM', 'ROM', 'CartRAM', 'VRAM', 'OAM', 'HRAM', 'System Bus'],
  GBC: ['WRAM', 'ROM', 'CartRAM', 'VRAM', 'OAM', 'HRAM', 'System Bus'],
  SGB: ['WRAM', 'ROM', 'CartRAM', 'VRAM', 'OAM', 'HRAM', 'System Bus'],
  N64: ['RDRAM', 'ROM', 'EEPROM', 'SRAM', 'FlashRAM', 'System Bus'],
  GC: ['MEM1', 'FakeVMEM', 'ARAM', 'Bus'],
  Wii: ['MEM1', 'MEM2', 'Bus'],
  GEN: ['68K RAM', 'MD CART', 'SRAM', 'Z80 RAM', 'VRAM', 'CRAM', 'VSRAM', 'M68K BUS'],
};
