import type { Endpoint } from '../endpoint.js';

/** Called by a socket, never before its factory returned. `close` comes exactly once, and last. */
export interface ByteSocketHandlers {
  open(): void;
  bytes(chunk: Uint8Array): void;
  /** `problem`: what the system said, when it said something: `connect ECONNREFUSED 127.0.0.1:48879`. */
  close(problem?: string): void;
}

/** One stream of bytes both ways, small enough to fake. Single-use. */
export interface ByteSocket {
  /** What is sent before the connection stands goes out once it does. */
  send(bytes: Uint8Array): void;
  /** Sends what is left and leaves; `close` follows soon. */
  end(): void;
  /** Leaves at once; `close` follows. */
  destroy(): void;
}

export type ByteSocketFactory = (endpoint: Endpoint, handlers: ByteSocketHandlers) => ByteSocket;
