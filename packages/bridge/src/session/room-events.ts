import type { CausewayError } from '@causeway/protocol/errors';
import type { MultiworldEvent } from '../multiworld/contract.js';
import type { ReceivedItem, Room, RoomNames } from '../multiworld/room.js';
import type { SessionEventBody } from './events.js';

/** Names an entry of the received list. */
export const itemReceived = (entry: ReceivedItem, room: Room, names: RoomNames): SessionEventBody => ({
  event: 'item.received',
  index: entry.index,
  id: entry.item,
  name: names.item(entry.item, room.slot),
  from: names.player(entry.player),
  own: entry.player === room.slot,
  location: names.location(entry.location, entry.player),
  flags: entry.flags,
});

export const serverConnected = (room: Room): SessionEventBody => ({
  event: 'server.connected',
  slot: room.slotName,
  game: room.game,
  seed: room.seed,
  items: room.items.length,
  checked: room.checked.size,
  locations: room.locations.size,
});

/** What a multiworld event is to the outside, where it is anything. Login and items are told with names elsewhere. */
export const roomEvent = (event: MultiworldEvent): SessionEventBody | undefined => {
  switch (event.kind) {
    case 'lost':
      return { event: 'server.lost', message: event.error.message, retryInMs: event.retryInMs };
    case 'refused':
      return { event: 'server.refused', code: event.error.code, reasons: event.reasons, fix: event.error.fix };
    case 'moved':
      return { event: 'room.moved', address: event.address };
    case 'death': {
      const { source, cause } = event.death;
      return { event: 'death.received', source, ...(cause === undefined ? {} : { cause }) };
    }
    case 'text': {
      const { kind: _, ...message } = event;
      return { event: 'message', ...message };
    }
    case 'problem':
      return errorEvent(event.error);
    default:
      return undefined;
  }
};

export const errorEvent = ({ code, message, fix, context }: CausewayError): SessionEventBody => ({
  event: 'error',
  code,
  message,
  fix,
  context,
});
