import { flaggedLocations, type MemoryView, readCell } from '@causeway/bridge/game';
import { LOCATIONS, STAGES } from './facts.js';
import { STATE } from './memory-map.js';

const LOCATION_OF_FLAG = new Map(LOCATIONS.map(({ flag, id }) => [flag, id]));

/**
 * Ids of all chests that stand open: those of the save, and those of the stage being played, which the game keeps apart until it
 * is left.
 *
 * @param saved the bytes of {@link STATE.chests}
 * @param stageChests the word of {@link STATE.stageChests}
 */
export const openChests = (saved: Uint8Array, stageChests: number): readonly number[] => {
  const flags = Uint8Array.from(saved);
  const stage = stageChests >>> 24;
  if (stage < STAGES.length) flags[stage] = (flags[stage] ?? 0) | (stageChests & 0xff);
  return flaggedLocations(flags, LOCATION_OF_FLAG);
};

/** As {@link openChests}, from a look at memory. */
export const chestsIn = (memory: MemoryView): readonly number[] =>
  openChests(memory.bytes(STATE.chests), readCell(memory, STATE.stageChests));
