import { hashSet } from '../python/compare.js';
import { repr } from '../python/repr.js';
import type { PyDict } from '../python/values.js';
import type { Client } from './client.js';
import { wholeList } from './items.js';
import { itemsHandling, setTags, tagsOf } from './login.js';
import { broadcastText } from './messages.js';
import { refuse } from './refusal.js';
import type { RoomContext } from './room-context.js';

/** `ConnectUpdate`: another items_handling, other tags. */
export const connectUpdate = (room: RoomContext, client: Client, args: PyDict): void => {
  const wanted = args.get('items_handling') ?? null;
  if (wanted !== null) {
    const handling = itemsHandling(wanted);
    if (handling === undefined) {
      refuse(room, client, 'ConnectUpdate', 'Invalid items_handling');
      return;
    }
    if (handling !== client.itemsHandling) changeItemsHandling(room, client, handling);
  }
  if (args.has('tags')) changeTags(room, client, args);
};

const changeItemsHandling = (room: RoomContext, client: Client, handling: number): void => {
  client.itemsHandling = handling;
  const items = wholeList(room, client);
  if (items.length > 0) room.outbox.reply(client, ...items);
};

const changeTags = (room: RoomContext, client: Client, args: PyDict): void => {
  const before = client.tags;
  const after = tagsOf(args);
  setTags(client, after);
  const old = hashSet(before);
  const same = hashSet(after).size === old.size && [...hashSet(after)].every((tag) => old.has(tag));
  if (same) return;
  const { slot } = client;
  const text = `${room.nameOf(slot)} (Team #1) has changed tags from ${repr(before)} to ${repr(after)}.`;
  broadcastText(room, text, { type: 'TagsChanged', team: 0, slot, tags: after });
};

/** `Sync`: the whole list anew, unless it is empty. */
export const sync = (room: RoomContext, client: Client): void => {
  const items = wholeList(room, client);
  if (items.length > 0) room.outbox.reply(client, ...items);
};
