import type { DomainInfo } from '@causeway/bridge/device';
import type { NwaMemory } from '@causeway/protocol/nwa';

/** Canonical domains by the names NWA gives a SNES core's memories. All are linear. Source: `docs/specs/nwa.md`, section 5. */
const DOMAINS: Readonly<Record<string, string>> = {
  WRAM: 'WRAM',
  SRAM: 'SRAM',
  CARTROM: 'ROM',
  VRAM: 'VRAM',
  OAM: 'OAM',
  CGRAM: 'CGRAM',
  APURAM: 'APURAM',
  CPUBUS: 'System Bus',
};

/** Memory names by domain, as the emulator is asked. */
export type MemoryNames = ReadonlyMap<string, string>;

export interface NwaMemories {
  readonly domains: readonly DomainInfo[];
  readonly names: MemoryNames;
}

/** What of an emulator's memories can be used. A game without save RAM has an SRAM of size 0. */
export const memoriesOf = (listed: readonly NwaMemory[], canWrite: boolean): NwaMemories => {
  const names = new Map<string, string>();
  const domains: DomainInfo[] = [];
  for (const [memoryName, domain] of Object.entries(DOMAINS)) {
    const memory = listed.find(({ name }) => name.toUpperCase() === memoryName);
    if (!memory?.readable || memory.size === 0) continue;
    names.set(domain, memory.name);
    domains.push({ name: domain, size: memory.size, writable: canWrite && memory.writable });
  }
  return { domains, names };
};
