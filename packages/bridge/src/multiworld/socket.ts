/** The one thing the multiworld client needs of a network: a websocket, small enough to fake. */

/** How a socket ended. */
export interface SocketClose {
  /** Close code of RFC 6455; 1006 when there was no closing handshake, or never a connection. */
  readonly code: number;
  readonly reason: string;
  /** What the system said, when it said something: `ECONNREFUSED 127.0.0.1:38281`. */
  readonly problem?: string;
  /** The port speaks the other of `ws` and `wss`. Only then is trying the other one right. */
  readonly wrongProtocol?: boolean;
}

/** Called by a socket, never before its factory returned. `close` comes exactly once, and last. */
export interface SocketHandlers {
  open(): void;
  /** A text message; `undefined` for a binary one, which the protocol does not have. */
  message(text: string | undefined): void;
  /** Answer to {@link Socket.ping}. */
  pong(): void;
  close(close: SocketClose): void;
}

/** One websocket. Single-use: to reconnect, make another. */
export interface Socket {
  /** Bytes handed over and not yet taken by the network. */
  readonly bufferedBytes: number;
  /** Only after `open` and before `close`. */
  send(text: string): void;
  ping(): void;
  /** Says goodbye; `close` follows when the peer answered, or never. */
  close(code: number): void;
  /** Ends at once. `close` follows. */
  terminate(): void;
}

export type SocketFactory = (url: string, handlers: SocketHandlers) => Socket;
