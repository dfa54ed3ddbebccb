/**
 * Where the parts of the console's memory lie in Dolphin's arena. Decided by arithmetic, never by searching.
 * Source: docs/specs/dolphin.md, section 1.1.
 */
import type { LowMemory } from './low-memory.js';

/** A stretch of the arena, in bytes. */
export interface ArenaPart {
  readonly at: number;
  readonly size: number;
}

export interface ArenaLayout {
  readonly system: 'GC' | 'Wii';
  /** As large as the console says; what Dolphin rounds it up to is of no use. */
  readonly mem1: ArenaPart;
  readonly lockedCache: ArenaPart;
  /** Wii only. */
  readonly mem2?: ArenaPart;
  /** GameCube only, and absent while Dolphin emulates the MMU. */
  readonly fakeVmem?: ArenaPart;
}

export interface ArenaFacts {
  /** Bytes of the whole arena. */
  readonly size: number;
  /** Where a mapping as large as the locked cache begins, if exactly one such place is known. Looked at only when needed. */
  readonly lockedCacheAt?: number | undefined;
  readonly lowMemory: Pick<LowMemory, 'mem1Size' | 'mem2Size'>;
}

const MIB = 1024 * 1024;
/** Bytes of the processor's locked cache, which Dolphin keeps behind MEM1. */
export const LOCKED_CACHE_SIZE = 0x4_0000;
const FAKE_VMEM_SIZE = 32 * MIB;
const MEM2_LEAST = 64 * MIB;
const REAL_MEM1_SIZE = 24 * MIB;
/** What MEM1 can be rounded up to. */
const ROUNDED = [32 * MIB, 64 * MIB, 128 * MIB] as const;

/** What can follow the locked cache: nothing, the fake VMEM, or MEM2, which is a power of two and never small. */
const isThirdSize = (size: number): boolean =>
  size === 0 || size === FAKE_VMEM_SIZE || (size >= MEM2_LEAST && size <= 2 * MEM2_LEAST && size % MEM2_LEAST === 0);

/** As Dolphin sizes its memories: to a power of two. */
export const roundUp = (size: number): number => 2 ** Math.ceil(Math.log2(size));

/** How far into the arena the locked cache begins; one size alone has several readings. */
const mem1Span = (facts: ArenaFacts): number | undefined => {
  const possible = ROUNDED.filter((span) => isThirdSize(facts.size - span - LOCKED_CACHE_SIZE));
  if (possible.length <= 1) return possible[0];
  const { lockedCacheAt, lowMemory } = facts;
  const said = lowMemory.mem1Size === undefined ? undefined : roundUp(lowMemory.mem1Size);
  if (lockedCacheAt !== undefined && possible.some((span) => span === lockedCacheAt)) {
    if (said === undefined || said <= lockedCacheAt) return lockedCacheAt;
  }
  return possible.find((span) => span === said);
};

/** The layout, or `undefined` when these facts fit none: the game has not said its sizes yet, or this is no arena. */
export const decideLayout = (facts: ArenaFacts): ArenaLayout | undefined => {
  const span = mem1Span(facts);
  if (span === undefined) return undefined;
  const { mem1Size, mem2Size } = facts.lowMemory;
  const spoken = mem1Size !== undefined && mem1Size <= span ? mem1Size : undefined;
  const mem1 = { at: 0, size: spoken ?? (span === ROUNDED[0] ? REAL_MEM1_SIZE : span) };
  const lockedCache = { at: span, size: LOCKED_CACHE_SIZE };
  const third = { at: span + LOCKED_CACHE_SIZE, size: facts.size - span - LOCKED_CACHE_SIZE };
  if (third.size === 0) return { system: 'GC', mem1, lockedCache };
  if (third.size === FAKE_VMEM_SIZE) return { system: 'GC', mem1, lockedCache, fakeVmem: third };
  const size = mem2Size !== undefined && mem2Size <= third.size ? mem2Size : third.size;
  return { system: 'Wii', mem1, lockedCache, mem2: { ...third, size } };
};
