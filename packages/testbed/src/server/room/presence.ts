import { Tag } from '@causeway/protocol/archipelago';
import { repr } from '../python/repr.js';
import type { Client } from './client.js';
import { broadcastText } from './messages.js';
import type { RoomContext } from './room-context.js';
import { setStatus } from './status.js';

const VERBS: readonly (readonly [tag: string, verb: string])[] = [
  [Tag.hintGame, 'hinting'],
  [Tag.tracker, 'tracking'],
  [Tag.textOnly, 'viewing'],
];

const verbOf = (client: Client): string | undefined => VERBS.find(([tag]) => client.hasTag(tag))?.[1];

const clientText = ({ version, tags }: Client): string =>
  `Client(${version.major}.${version.minor}.${version.build}), ${repr(tags)}.`;

export const joinedText = (room: RoomContext, client: Client): string => {
  const { game } = room.slot(client.slot);
  return `${room.nameOf(client.slot)} (Team #1) ${verbOf(client) ?? 'playing'} ${game} has joined. ${clientText(client)}`;
};

/** A connection is gone: the room forgets it and tells the others. */
export const leave = (room: RoomContext, client: Client): void => {
  room.remove(client);
  const { slot } = client;
  if (slot === 0) return;
  if (room.clientsOf(slot).size === 0) setStatus(room, slot, 0);
  const verb = verbOf(client);
  const what = verb === undefined ? 'has left the game' : `has stopped ${verb} the game`;
  broadcastText(room, `${room.nameOf(slot)} (Team #1) ${what}. ${clientText(client)}`, { type: 'Part', team: 0, slot });
  room.surroundings.emit({ kind: 'left', slot, name: room.slot(slot).name });
};
