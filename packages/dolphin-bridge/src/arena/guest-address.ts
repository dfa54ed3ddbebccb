/**
 * From the guest's own addresses to offsets in the arena. Source: docs/specs/dolphin.md, section 1.2.
 */
import type { DomainInfo } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaLayout, ArenaPart } from './arena-layout.js';

/** The address space of the console's processor: 32 bits. */
const BUS_SIZE = 2 ** 32;

/** A stretch of guest addresses and what it shows. */
export interface GuestRange {
  readonly base: number;
  readonly part: ArenaPart;
}

/** Cached and uncached views show the same bytes. */
const mirrors = (part: ArenaPart | undefined, ...bases: readonly number[]): readonly GuestRange[] =>
  part ? bases.map((base) => ({ base, part })) : [];

/** Every range of guest addresses behind which there is memory. Registers are none, nor are addresses near zero: null pointers. */
export const guestRanges = ({ mem1, mem2, fakeVmem, lockedCache }: ArenaLayout): readonly GuestRange[] => [
  ...mirrors(mem1, 0x8000_0000, 0xc000_0000),
  ...mirrors(mem2, 0x9000_0000, 0xd000_0000),
  ...mirrors(fakeVmem, 0x7e00_0000),
  ...mirrors(lockedCache, 0xe000_0000),
];

const partOf = (layout: ArenaLayout, domain: string): ArenaPart | undefined => {
  if (domain === 'MEM1') return layout.mem1;
  if (domain === 'MEM2') return layout.mem2;
  return domain === 'FakeVMEM' ? layout.fakeVmem : undefined;
};

/**
 * Where a place lies in the arena.
 *
 * Throws `domain_unknown`, `address_out_of_range` (outside a domain of its own) and `address_unmapped` (a bus address behind which
 * there is no memory, or a stretch that leaves its memory).
 */
export const arenaOffset = (layout: ArenaLayout, domain: string, offset: number, size: number): number => {
  if (domain === 'Bus') return busOffset(layout, offset, size);
  const part = partOf(layout, domain);
  if (!part) throw new CausewayError('domain_unknown', `There is no memory domain ${domain} here.`);
  if (offset >= 0 && size >= 0 && offset + size <= part.size) return part.at + offset;
  throw new CausewayError('address_out_of_range', `${domain} ${hex(offset)}, ${size} bytes: outside of the domain.`);
};

/** The same for an address as the game has it in its pointers. Throws `address_unmapped`. */
export const busOffset = (layout: ArenaLayout, address: number, size: number): number => {
  const { mem1, mem2, fakeVmem } = layout;
  // The three that games use, without building a list: this runs for every value of every poll.
  if (address >= 0x8000_0000 && address + size <= 0x8000_0000 + mem1.size) return mem1.at + address - 0x8000_0000;
  if (mem2 && address >= 0x9000_0000 && address + size <= 0x9000_0000 + mem2.size)
    return mem2.at + address - 0x9000_0000;
  if (fakeVmem && address >= 0x7e00_0000 && address + size <= 0x7e00_0000 + fakeVmem.size)
    return fakeVmem.at + address - 0x7e00_0000;
  for (const { base, part } of guestRanges(layout)) {
    if (address >= base && address + size <= base + part.size) return part.at + address - base;
  }
  throw unmapped(layout, address, size);
};

const hex = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;

const unmapped = (layout: ArenaLayout, address: number, size: number): CausewayError => {
  const ranges = guestRanges(layout).map(({ base, part }) => `${hex(base)} to ${hex(base + part.size - 1)}`);
  return new CausewayError('address_unmapped', `No memory at ${hex(address)}, ${size} bytes.`, {
    fix: `${adviceFor(layout, address)} Memory is at ${ranges.join(', ')}.`,
    context: { address, size },
  });
};

const adviceFor = ({ system, fakeVmem }: ArenaLayout, address: number): string => {
  const high = address >>> 24;
  if (high === 0xcc || high === 0xcd) return 'These are registers of the hardware.';
  if (high === 0x00 || high === 0x01)
    return 'This is a null pointer, or a physical address: add 0x80000000, or use MEM1.';
  if ((high === 0x90 || high === 0xd0) && system === 'GC') return 'A GameCube has no MEM2.';
  if (high === 0x7e && !fakeVmem) return 'This window is there on a GameCube only, with MMU emulation off.';
  return 'Check the address.';
};

/** The domains of a layout, as a device lists them. */
export const domainsOf = (layout: ArenaLayout): readonly DomainInfo[] => {
  const { mem1, mem2, fakeVmem } = layout;
  const parts = [
    ['MEM1', mem1],
    ['MEM2', mem2],
    ['FakeVMEM', fakeVmem],
  ] as const;
  const own = parts.flatMap(([name, part]) => (part ? [{ name, size: part.size, writable: true }] : []));
  return [...own, { name: 'Bus', size: BUS_SIZE, writable: true }];
};
