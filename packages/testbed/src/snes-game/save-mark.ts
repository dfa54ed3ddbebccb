import type { MemoryView, SaveMark } from '@causeway/bridge/game';
import { paddedText } from './identification.js';
import { STATE } from './memory-map.js';

/**
 * On which copy the save was begun. RetroArch names saves after the file of the game: the copy for the next seed, put where
 * the last one was, finds the last one's save, whose counter says nothing about the new list.
 */
export const saveMarkOf = (memory: MemoryView): SaveMark | undefined => {
  const slotName = paddedText(memory.bytes(STATE.ownerName));
  const seed = paddedText(memory.bytes(STATE.ownerSeed));
  if (!slotName || seed === undefined) return undefined;
  return { slotName, ...(seed === '' ? {} : { seed }) };
};
