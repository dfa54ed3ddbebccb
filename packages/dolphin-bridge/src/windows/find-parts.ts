import type { ForeignArena } from '../access/copying-access.js';
import { LOCKED_CACHE_SIZE, roundUp } from '../arena/arena-layout.js';
import { LOW_MEMORY_SIZE, parseLowMemory } from '../arena/low-memory.js';
import type { MappedRegion } from './windows-api.js';

const MEM1_LEAST = 0x0180_0000;
/** Id, magic numbers, boot code, size: what a running game leaves as it is. */
const HEAD_SIZE = 0x2c;
const FAKE_VMEM = 0x0200_0000;
const MEM2_LEAST = 0x0400_0000;

const distance = (one: bigint, other: bigint): bigint => (one > other ? one - other : other - one);

/** Dolphin maps its memory several times; the mapping nearest to MEM1 is of the same set. */
const nearest = (
  regions: readonly MappedRegion[],
  to: bigint,
  wanted: number,
  isMem1: (base: bigint) => boolean,
): MappedRegion | undefined =>
  regions
    .filter(({ base, size }) => size === wanted && !isMem1(base))
    .sort((a, b) => Number(distance(a.base, to) - distance(b.base, to)))[0];

/** Fills `target` from an address of the other process; `false` when that is not possible. */
type ReadForeign = (base: bigint, target: Uint8Array) => boolean;

/** Where fake VMEM lies, from MEM1: as in the guest's own addresses, or mapped after it (as other readers have seen it). */
const FAKE_VMEM_FROM_MEM1: readonly bigint[] = [-0x0200_0000n, 0x0200_0000n, 0x0204_0000n];

/** It has the size of MEM1 and no mark of its own, so it counts only at its place, and only when it is not MEM1 once more. */
const findFakeVmem = (
  regions: readonly MappedRegion[],
  mem1: MappedRegion,
  isMem1: (base: bigint) => boolean,
): MappedRegion | undefined => {
  const places = FAKE_VMEM_FROM_MEM1.map((distance) => mem1.base + distance);
  return regions.find(({ base, size }) => size === FAKE_VMEM && places.includes(base) && !isMem1(base));
};

const arenaFrom = (
  regions: readonly MappedRegion[],
  region: MappedRegion,
  read: ReadForeign,
): ForeignArena | undefined => {
  const low = new Uint8Array(LOW_MEMORY_SIZE);
  if (region.size < MEM1_LEAST || !read(region.base, low)) return undefined;
  const { booted, gameId, discOf, nandTitle, mem1Size = MEM1_LEAST, mem2Size } = parseLowMemory(low);
  if (!booted || (gameId === undefined && discOf === undefined && !nandTitle)) return undefined;
  const lockedCacheAt = roundUp(mem1Size);
  const at = lockedCacheAt + LOCKED_CACHE_SIZE;
  const mem1 = { at: 0, base: region.base, size: Math.min(region.size, lockedCacheAt) };
  const wii = discOf === 'Wii' || (discOf === undefined && mem2Size !== undefined);
  const size = wii ? roundUp(mem2Size ?? MEM2_LEAST) : FAKE_VMEM;
  const head = new Uint8Array(HEAD_SIZE);
  const isMem1 = (base: bigint): boolean => !read(base, head) || Buffer.compare(head, low.subarray(0, HEAD_SIZE)) === 0;
  const third = wii ? nearest(regions, region.base, size, isMem1) : findFakeVmem(regions, region, isMem1);
  if (third) return { size: at + size, lockedCacheAt, parts: [mem1, { at, base: third.base, size }] };
  // A Wii without MEM2 is none; a GameCube without fake VMEM emulates its MMU.
  return wii ? undefined : { size: at, lockedCacheAt, parts: [mem1] };
};

/**
 * Finds the pieces of the arena among the mapped regions of a Dolphin that has not named its memory, by what low memory says.
 * `undefined`: no game runs there (docs/specs/dolphin.md, section 4.6).
 */
export const findParts = (regions: readonly MappedRegion[], read: ReadForeign): ForeignArena | undefined => {
  const arenas = regions.map((region) => arenaFrom(regions, region, read)).filter((arena) => arena !== undefined);
  // Dolphin maps MEM1 several times, and only next to one of them the rest may lie.
  return arenas.find(({ parts }) => parts.length > 1) ?? arenas[0];
};
