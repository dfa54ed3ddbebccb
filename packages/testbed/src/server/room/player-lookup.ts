import { fuzzyMatch, unclearText } from './fuzzy-match.js';
import type { RoomContext } from './room-context.js';

/** The slot a host means by a name or alias, or words that say what is unclear. Groups cannot be meant. */
export const slotMeant = (room: RoomContext, typed: string): number | string => {
  const names = new Map<string, number>();
  for (const { slot, name, members } of room.definition.slots.values()) {
    if (members.length > 0) continue;
    names.set(name, slot);
    const { alias } = room.stateOf(slot);
    if (alias !== undefined && !names.has(alias)) names.set(alias, slot);
  }
  const match = fuzzyMatch(typed, [...names.keys()]);
  if (!match) return 'This room has no players.';
  if (match.kind === 'unclear') return unclearText(typed, match);
  return names.get(match.name) ?? 'This room has no players.';
};
