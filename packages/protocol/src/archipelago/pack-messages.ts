import type { ClientPacket } from './client-packets.js';
import { encodeClientPacket } from './codec.js';
import { MAX_CLIENT_MESSAGE_BYTES } from './enumerations.js';

export interface PackedMessages {
  /** Messages in order, none above the limit. */
  readonly messages: readonly string[];
  /** Packets that no splitting makes small enough. Sending one would cost the connection. */
  readonly tooLarge: readonly ClientPacket[];
}

const encoder = new TextEncoder();
const byteLength = (text: string): number => encoder.encode(text).length;

/** The parts of a packet that mean the same as the whole; `undefined` when it cannot be divided. */
const halves = (packet: ClientPacket): readonly ClientPacket[] | undefined => {
  if (packet.cmd === 'LocationChecks' && packet.locations.length > 1) {
    const middle = packet.locations.length >> 1;
    return [
      { ...packet, locations: packet.locations.slice(0, middle) },
      { ...packet, locations: packet.locations.slice(middle) },
    ];
  }
  if (packet.cmd === 'SetNotify' && packet.keys.length > 1) {
    const middle = packet.keys.length >> 1;
    return [
      { ...packet, keys: packet.keys.slice(0, middle) },
      { ...packet, keys: packet.keys.slice(middle) },
    ];
  }
  return undefined;
};

/**
 * Puts packets into as few messages as the server accepts, in order.
 *
 * @param maxBytes limit per message in UTF-8 bytes; the server closes with 1009 above 1 MiB (`archipelago.md` §17)
 */
export const packMessages = (
  packets: readonly ClientPacket[],
  maxBytes: number = MAX_CLIENT_MESSAGE_BYTES,
): PackedMessages => {
  const messages: string[] = [];
  const tooLarge: ClientPacket[] = [];
  let open: string[] = [];
  let bytes = 2;

  const flush = (): void => {
    if (open.length > 0) messages.push(`[${open.join(',')}]`);
    open = [];
    bytes = 2;
  };
  const add = (packet: ClientPacket): void => {
    const encoded = encodeClientPacket(packet);
    const size = byteLength(encoded) + 1;
    if (size + 2 > maxBytes) {
      const parts = halves(packet);
      if (parts) parts.forEach(add);
      else tooLarge.push(packet);
      return;
    }
    if (bytes + size > maxBytes) flush();
    open.push(encoded);
    bytes += size;
  };

  packets.forEach(add);
  flush();
  return { messages, tooLarge };
};
