import { SpecialLocation } from '@causeway/protocol/archipelago';
import type { Client } from './client.js';
import type { Packet } from './outbox.js';
import type { RoomContext } from './room-context.js';
import { type NetworkItem, networkItem } from './room-state.js';

const START_INVENTORY = 4;
const OWN_WORLD = 2;

/**
 * Appends items to the lists of a slot, or of every member of a group.
 *
 * What a slot finds in its own world is left out of its second list; an item of a group never is, not even for the
 * finder.
 */
export const giveItems = (room: RoomContext, receiver: number, items: readonly NetworkItem[]): void => {
  for (const slot of room.members(receiver)) {
    const state = room.stateOf(slot);
    for (const item of items) {
      if (item.player !== receiver) state.foreignItems.push(item);
      state.items.push(item);
    }
  }
};

/** As {@link giveItems}, but in both lists whoever the finder is: `!getitem` and the host's `/send`. */
export const giveCheatItems = (room: RoomContext, slot: number, gift: NetworkItem, count: number): void => {
  const state = room.stateOf(slot);
  const gifts = new Array<NetworkItem>(count).fill(gift);
  state.foreignItems.push(...gifts);
  state.items.push(...gifts);
  const [receiverName, itemName] = [room.nameOf(slot), room.itemName(gift.item, slot)];
  room.surroundings.emit({ kind: 'given', receiver: slot, receiverName, item: gift.item, itemName, count });
};

/** The list a client sees under its items_handling, from `from` on. */
const itemsFor = (room: RoomContext, client: Client, from: number): readonly NetworkItem[] => {
  if (client.itemsHandling === 0) return [];
  const state = room.stateOf(client.slot);
  const found = client.itemsHandling & OWN_WORLD ? state.items : state.foreignItems;
  if (!(client.itemsHandling & START_INVENTORY)) return found.slice(from);
  const start = room.slot(client.slot).startItems;
  if (from >= start.length) return found.slice(from - start.length);
  const given = start.slice(from).map((item) => networkItem(item, SpecialLocation.startInventory, 0, 0));
  return [...given, ...found];
};

/** The whole list, or nothing when it is empty. Marks it as sent. */
export const wholeList = (room: RoomContext, client: Client): readonly Packet[] => {
  const items = itemsFor(room, client, 0);
  client.sentItems = items.length;
  return items.length > 0 ? [{ cmd: 'ReceivedItems', index: 0, items }] : [];
};

/** Sends what is new to everybody in these slots. */
export const sendNewItems = (room: RoomContext, slots: Iterable<number>): void => {
  for (const slot of slots) {
    for (const client of room.clientsOf(slot)) {
      const items = itemsFor(room, client, client.sentItems);
      if (items.length === 0) continue;
      room.outbox.post([client], [{ cmd: 'ReceivedItems', index: client.sentItems, items }]);
      client.sentItems += items.length;
    }
  }
};
