import type { RoomContext } from './room-context.js';

/** Points one hint costs a slot. */
export const hintCost = (room: RoomContext, slot: number): number => {
  const { hintCost: percent } = room.options;
  return percent ? Math.max(1, Math.floor(percent * 0.01 * room.slot(slot).locations.size)) : 0;
};

/** Points a slot has left. */
export const hintPoints = (room: RoomContext, slot: number): number => {
  const { checked, hintsUsed } = room.stateOf(slot);
  return room.options.locationCheckPoints * checked.size - hintCost(room, slot) * hintsUsed;
};
