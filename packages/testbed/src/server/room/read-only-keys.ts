import { hintsKey, hintsOf, wireHint } from './hints.js';
import type { RoomContext } from './room-context.js';

export const READ_PREFIX = '_read_';

const HINTS = /^_read_hints_0_(\d+)$/;
const STATUS = /^_read_client_status_0_(\d+)$/;
const SLOT_DATA = /^_read_slot_data_(\d+)$/;
const ITEM_GROUPS = '_read_item_name_groups_';
const LOCATION_GROUPS = '_read_location_name_groups_';

/** What the server itself publishes under a key, or `undefined` (`archipelago.md` §11.1). */
export const readOnlyValue = (room: RoomContext, key: string): unknown => {
  if (key === '_read_race_mode') return room.definition.raceMode;
  if (key.startsWith(ITEM_GROUPS)) return room.game(key.slice(ITEM_GROUPS.length))?.itemGroups;
  if (key.startsWith(LOCATION_GROUPS)) return room.game(key.slice(LOCATION_GROUPS.length))?.locationGroups;
  const slotOf = (pattern: RegExp) => room.definition.slots.get(Number(pattern.exec(key)?.[1] ?? Number.NaN));
  const hinted = slotOf(HINTS);
  // Only the one spelling of the number is a key.
  if (hinted && hintsKey(hinted.slot) === key) return hintsOf(room, hinted.slot).map(wireHint);
  const played = slotOf(STATUS);
  if (played) return room.stateOf(played.slot).status;
  return slotOf(SLOT_DATA)?.slotData;
};
