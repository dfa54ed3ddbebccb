import { isPrintable } from '../python/repr.js';
import type { PyDict } from '../python/values.js';
import { showChat } from './chat.js';
import { runChatCommand } from './chat-command.js';
import type { Client } from './client.js';
import { refuse } from './refusal.js';
import type { RoomContext } from './room-context.js';

/** `Say`: chat for everybody, and a command when it starts with `!`. */
export const say = (room: RoomContext, client: Client, args: PyDict): void => {
  const text = args.get('text');
  if (typeof text !== 'string' || !isPrintable(text)) {
    refuse(room, client, 'Say', 'Say');
    return;
  }
  // `!admin` shows itself, with passwords masked.
  if (!text.startsWith('!admin')) showChat(room, client, text);
  if (text.startsWith('!')) runChatCommand(room, client, text);
};
