import type { PrintJSON } from './server-packets.js';

/** What a message is about, from where the reader stands. */
export type MessageCategory = 'incoming' | 'outgoing' | 'hint' | 'chat' | 'server';

/**
 * Sorts a message: an item for me, an item I found, somebody's hint, chat, or anything else the server says.
 *
 * An item I found for myself is incoming. Items between others are `server`.
 *
 * @param isOwn whether a slot is the reader's own or a group it belongs to
 */
export const categoryOf = (
  packet: Pick<PrintJSON, 'type' | 'receiving' | 'item'>,
  isOwn: (slot: number) => boolean,
): MessageCategory => {
  switch (packet.type) {
    case 'ItemSend':
    case 'ItemCheat':
      if (packet.receiving !== undefined && isOwn(packet.receiving)) return 'incoming';
      return packet.item && isOwn(packet.item.player) ? 'outgoing' : 'server';
    case 'Hint':
      return 'hint';
    case 'Chat':
    case 'ServerChat':
      return 'chat';
    default:
      return 'server';
  }
};
