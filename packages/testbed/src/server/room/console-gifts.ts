import { SERVER_SLOT, SpecialLocation } from '@causeway/protocol/archipelago';
import { registerChecks } from './checks.js';
import type { ConsoleCall } from './console.js';
import { fuzzyMatch, unclearText } from './fuzzy-match.js';
import { giveCheatItems, sendNewItems } from './items.js';
import { broadcastText } from './messages.js';
import type { RoomContext } from './room-context.js';
import { networkItem } from './room-state.js';

/** The id a host means by a name or number in a slot's game, or words that say what is unclear. */
const meant = (room: RoomContext, slot: number, kind: 'items' | 'locations', typed: string) => {
  const names = room.game(room.slot(slot).game)?.[kind] ?? new Map<string, number>();
  const byId = [...names].find(([, id]) => String(id) === typed);
  if (byId) return { name: byId[0], id: byId[1] };
  const match = fuzzyMatch(typed, [...names.keys()]);
  if (!match) return `This game has no ${kind}.`;
  if (match.kind === 'unclear') return unclearText(typed, match);
  return { name: match.name, id: names.get(match.name) ?? 0 };
};

/** `/send`, `/send_multiple`: items from the host. */
export const sendItems = (
  { room, print }: ConsoleCall,
  slot: number,
  typed: string,
  count: number | undefined,
): void => {
  const item = meant(room, slot, 'items', typed);
  if (typeof item === 'string') {
    print(item);
    return;
  }
  const gift = networkItem(item.id, SpecialLocation.cheatConsole, SERVER_SLOT, 0);
  giveCheatItems(room, slot, gift, count ?? 1);
  sendNewItems(room, [slot]);
  const amount = count === undefined ? '' : `${count} of `;
  broadcastText(room, `Cheat console: sending ${amount}"${item.name}" to ${room.nameOf(slot)}`);
};

/** `/send_location`: checks a location for its slot. */
export const sendLocation = ({ room, print }: ConsoleCall, slot: number, typed: string): void => {
  const location = meant(room, slot, 'locations', typed);
  if (typeof location === 'string') {
    print(location);
    return;
  }
  registerChecks(room, slot, [location.id]);
};
