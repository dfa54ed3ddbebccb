import type { Address, Region } from '@causeway/bridge/device';
import { type Cell, type MemoryView, type ReadPlan, readCell, type Write } from '@causeway/bridge/game';
import { IDENT, RAM, STATES, WRAM } from './memory-map.js';

const SAVE_MAGIC = new TextEncoder().encode('EMBRSAVE');

/** Three reads cover everything the module looks at. */
export const REGIONS: ReadPlan['regions'] = {
  rom: IDENT.head,
  ram: { domain: RAM.state.domain, offset: RAM.state.offset, size: RAM.kill.offset + 1 - RAM.state.offset },
  save: { domain: WRAM.magic.domain, offset: WRAM.magic.offset, size: WRAM.deathCause.offset + 1 },
};

export const byteCell = ({ domain, offset }: Address): Cell => ({ domain, offset, size: 1 });
export const byteAt = (memory: MemoryView, address: Address): number => readCell(memory, byteCell(address));

export const bytesTo = ({ domain, offset }: Region, ...bytes: readonly number[]): Write => ({
  at: { domain, offset },
  data: Uint8Array.from(bytes),
});

/** Looks at the whole head, so that what is decided from it is guarded by all of it. */
const stampOf = (memory: MemoryView): Uint8Array =>
  memory.bytes(IDENT.head).subarray(IDENT.stamp.offset, IDENT.stamp.offset + IDENT.stamp.size);

const equal = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** A save is loaded, it is this ROM's, and the hero is in the world. Title and boot are neither. */
export const isPlaying = (memory: MemoryView): boolean => {
  const state = byteAt(memory, RAM.state);
  return (
    (state === STATES.playing || state === STATES.ending) &&
    equal(memory.bytes(WRAM.magic), SAVE_MAGIC) &&
    equal(memory.bytes(WRAM.stamp), stampOf(memory))
  );
};
