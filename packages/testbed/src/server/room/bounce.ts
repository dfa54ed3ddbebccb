import { hashKey, hashSet } from '../python/compare.js';
import type { PyDict } from '../python/values.js';
import { writeJson } from '../python/write-json.js';
import { iterate } from './arguments.js';
import type { Client } from './client.js';
import type { RoomContext } from './room-context.js';

/** `Bounce`: to every client that matches by game, tag or slot, the sender included. */
export const bounce = (room: RoomContext, args: PyDict): void => {
  const targets = (name: string): ReadonlySet<string> => {
    const value = args.get(name);
    return hashSet(value === undefined ? [] : iterate(value));
  };
  const games = targets('games');
  const tags = targets('tags');
  const slots = targets('slots');
  args.set('cmd', 'Bounced');
  const text = writeJson([args]);
  const matches = (client: Client): boolean =>
    slots.has(hashKey(client.slot)) ||
    games.has(hashKey(room.slot(client.slot).game)) ||
    client.tags.some((tag) => tags.has(hashKey(tag)));
  for (const client of [...room.loggedIn()].filter(matches)) room.outbox.replyText(client, text);
};
