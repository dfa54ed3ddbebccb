import { ClientStatus, SlotType } from '@causeway/protocol/archipelago';
import { equal } from '../python/compare.js';
import type { RoomContext } from './room-context.js';

/** Who is here, and in brackets who is not. */
export const playersText = (room: RoomContext): string => {
  const players = [...room.definition.slots.values()].filter(({ type }) => type === SlotType.player);
  const here = players.filter(({ slot }) => room.clientsOf(slot).size > 0);
  const names = players.map(({ slot, name }) => (room.clientsOf(slot).size > 0 ? name : `(${name})`));
  return `${here.length} players of ${players.length} connected :: Team #1: ${names.join(' ')}`;
};

/** How far everybody is; with a tag, also who carries it. */
export const statusText = (room: RoomContext, tag: string): string => {
  const players = [...room.definition.slots.values()].filter(({ type }) => type === SlotType.player);
  return ['Player Status on team 0:', ...players.map(({ slot }) => statusLine(room, slot, tag))].join('\n');
};

const statusLine = (room: RoomContext, slot: number, tag: string): string => {
  const clients = [...room.clientsOf(slot)];
  const tagged = clients.filter((client) => client.hasTag(tag)).length;
  const { checked, status } = room.stateOf(slot);
  const state = equal(status, ClientStatus.goal)
    ? ' and has finished.'
    : equal(status, ClientStatus.ready)
      ? ' and is ready.'
      : '.';
  const tags = clients.length > 0 && tag !== '' ? ` ${tagged} of which are tagged ${tag}` : '';
  const connections = `${clients.length} connection${clients.length === 1 ? '' : 's'}`;
  return `${room.nameOf(slot)} has ${connections}${tags}${state} (${checked.size}/${room.slot(slot).locations.size})`;
};
