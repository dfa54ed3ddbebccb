import { ClientStatus } from '@causeway/protocol/archipelago';
import { equal } from '../python/compare.js';
import type { Caller } from './chat-command.js';
import { checkedLocations, missingLocations } from './checks.js';
import type { RoomContext } from './room-context.js';

/** Keeps the names of a location group, else those that contain the text. */
const filtered = (room: RoomContext, game: string, names: readonly string[], filter: string): readonly string[] => {
  const group = room.game(game)?.locationGroups.get(filter);
  return names.filter((name) => group?.includes(name) ?? name.includes(filter));
};

const list = ({ room, client, tell }: Caller, filter: string, label: string, kind: string, ids: readonly number[]) => {
  const names = ids.map((id) => room.locationName(id, client.slot));
  const shown = filter === '' ? names : filtered(room, room.slot(client.slot).game, names, filter);
  if (names.length === 0) return tell(`No ${kind} location checks found.`);
  const total = `Found ${names.length} ${kind} location checks`;
  tell(
    ...shown.map((name) => `${label}: ${name}`),
    filter === '' ? total : `${total}, displaying ${shown.length} of them.`,
  );
};

/** `!missing` */
export const listMissing = (caller: Caller, filter: string): void =>
  list(caller, filter, 'Missing', 'missing', missingLocations(caller.room, caller.client.slot));

/** `!checked` */
export const listChecked = (caller: Caller, filter: string): void =>
  list(caller, filter, 'Checked', 'done', checkedLocations(caller.room, caller.client.slot));

/** `!remaining`: names of the items that still lie in one's own world. */
export const listRemaining = ({ room, client, tell }: Caller): void => {
  const { remainingMode } = room.options;
  const finished = equal(room.stateOf(client.slot).status, ClientStatus.goal);
  if (remainingMode === 'disabled') {
    tell('Sorry, !remaining is disabled on this server');
    return;
  }
  if (remainingMode !== 'enabled' && !finished) {
    tell('Sorry, !remaining requires you to have beaten the game on this server');
    return;
  }
  const { locations } = room.slot(client.slot);
  const names = missingLocations(room, client.slot).flatMap((id) => {
    const placement = locations.get(id);
    return placement ? [room.itemName(placement.item, placement.receiver)] : [];
  });
  tell(names.length > 0 ? `Remaining items: ${names.sort().join(', ')}` : 'No remaining items found.');
};
