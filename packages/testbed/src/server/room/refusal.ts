import type { Client } from './client.js';
import type { RoomContext } from './room-context.js';

/** Refuses one command; the connection lives on. */
export const refuse = (
  room: RoomContext,
  client: Client,
  cmd: string,
  text: string,
  type: 'cmd' | 'arguments' = 'arguments',
): void => room.outbox.reply(client, { cmd: 'InvalidPacket', type, text, original_cmd: cmd });
