import type { Client } from './client.js';
import { broadcastText } from './messages.js';
import type { RoomContext } from './room-context.js';

/** Shows everybody what a client said. */
export const showChat = (room: RoomContext, client: Client, text: string): void => {
  const { slot } = client;
  const name = room.nameOf(slot);
  broadcastText(room, `${name}: ${text}`, { type: 'Chat', team: 0, slot, message: text });
  room.surroundings.emit({ kind: 'chat', slot, name, text });
};
