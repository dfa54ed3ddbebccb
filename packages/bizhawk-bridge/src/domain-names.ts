import type { System } from '@causeway/bridge/device';

/**
 * What emulator cores call a canonical domain when they do not use the canonical name, best first.
 *
 * Source: the connector specification, section 13.2. On `SGB` the Game Boy's own memory is meant, and the core that
 * emulates the whole machine has a `WRAM` that is the Super NES's: its prefixed names come first.
 */
const PEER_NAMES: Readonly<Record<System, Readonly<Record<string, readonly string[]>>>> = {
  NES: { WRAM: ['WRAM', 'Battery RAM'] },
  SNES: { SRAM: ['CARTRAM', 'CARTRIDGE RAM'], ROM: ['CARTROM', 'CARTRIDGE ROM'] },
  GB: { WRAM: ['WRAM', 'Main RAM'], HRAM: ['HRAM', 'Zero Page RAM'] },
  GBC: { WRAM: ['WRAM', 'Main RAM'], HRAM: ['HRAM', 'Zero Page RAM'] },
  SGB: {
    WRAM: ['SGB WRAM', 'WRAM'],
    ROM: ['SGB CARTROM', 'ROM'],
    CartRAM: ['SGB CARTRAM', 'CartRAM'],
    VRAM: ['SGB VRAM', 'VRAM'],
    OAM: ['SGB OAM', 'OAM'],
    HRAM: ['SGB HRAM', 'HRAM'],
    'System Bus': ['SGB System Bus', 'System Bus'],
  },
};

/** Names under which an emulator may know a domain of `system`, best first. */
export const peerNames = (system: System, domain: string): readonly string[] =>
  PEER_NAMES[system]?.[domain] ?? [domain];

/**
 * The bus of a system and its size in bytes. It is the domain an emulator falls back to for a name it does not know,
 * so its size is what an unknown name reports.
 */
const BUSES: Readonly<Record<System, { readonly name: string; readonly size: number }>> = {
  NES: { name: 'System Bus', size: 0x1_0000 },
  SNES: { name: 'System Bus', size: 0x100_0000 },
  GB: { name: 'System Bus', size: 0x1_0000 },
  GBC: { name: 'System Bus', size: 0x1_0000 },
  SGB: { name: 'System Bus', size: 0x1_0000 },
  GBA: { name: 'System Bus', size: 0x1000_0000 },
  N64: { name: 'System Bus', size: 0xffff_ffff },
  GEN: { name: 'M68K BUS', size: 0x100_0000 },
};

/** Whether `domain` is the bus of `system`, given the size it reports. */
export const isBus = (system: System, domain: string, size: number): boolean =>
  BUSES[system]?.name === domain && BUSES[system]?.size === size;
