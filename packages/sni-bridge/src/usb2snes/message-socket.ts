/** What the driver needs of a network: a websocket that carries text and bytes, small enough to fake. */

/** How a socket ended. */
export interface MessageSocketClose {
  /** Close code of RFC 6455; 1006 when there was no closing handshake, or never a connection. */
  readonly code: number;
  /** The server's words. QUsb2Snes says here what went wrong; SNI never does. */
  readonly reason: string;
  /** What the system said, when it said something: `connect ECONNREFUSED 127.0.0.1:23074`. */
  readonly problem?: string;
  /** The port answered, but not as a websocket. */
  readonly foreign?: boolean;
}

/** Called by a socket, never before its factory returned. `close` comes exactly once, and last. */
export interface MessageSocketHandlers {
  open(): void;
  text(message: string): void;
  bytes(message: Uint8Array): void;
  close(close: MessageSocketClose): void;
}

/** One websocket. Single-use. */
export interface MessageSocket {
  /** Only after `open`. Two messages sent in one turn leave back to back. */
  send(message: string | Uint8Array): void;
  /** Says goodbye; `close` follows when the peer answered, or never. */
  close(): void;
  /** Ends at once. `close` follows. */
  terminate(): void;
}

export type MessageSocketFactory = (url: string, handlers: MessageSocketHandlers) => MessageSocket;
