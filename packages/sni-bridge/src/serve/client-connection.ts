import type { Clock, Logger } from '@causeway/bridge';
import type { WebSocket } from 'ws';
import type { BatchDesk } from './batch-desk.js';
import type { DeviceSource } from './device-source.js';
import { ServedClient } from './served-client.js';

export interface ClientConnectionOptions {
  readonly desk: BatchDesk;
  readonly source: DeviceSource;
  readonly appVersion: string;
  readonly write: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Answers a client has not taken yet, in bytes, from which on nothing more is done for it. */
const MAX_UNSENT_BYTES = 512 * 1024;
/** Unanswered requests from which on nothing more is read of it. */
const MAX_UNANSWERED = 64;
/** How long a client may leave its answers lying, in milliseconds. */
const STALL_MS = 60_000;
/** How long a client may take to say goodbye, in milliseconds. */
const CLOSE_GRACE_MS = 1000;
const NORMAL_CLOSURE = 1000;
/** A close frame holds 123 bytes of text. */
const MAX_REASON_BYTES = 123;

const reasonText = (reason: string): string => {
  const bytes = Buffer.from(reason);
  if (bytes.length <= MAX_REASON_BYTES) return reason;
  // A character that was cut in two becomes a replacement character of three bytes: leave room for it.
  return `${bytes
    .subarray(0, MAX_REASON_BYTES - 6)
    .toString()
    .replace(/\uFFFD$/, '')}…`;
};

/** One websocket of our server: back-pressure and the end of things. What is said on it is the {@link ServedClient}'s. */
export class ClientConnection {
  readonly client: ServedClient;
  /** Resolves when the socket is closed. Never rejects. */
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #desk: BatchDesk;
  #unanswered = 0;
  #cancelStall: (() => void) | undefined;
  #cancelGrace: (() => void) | undefined;

  constructor(socket: WebSocket, { desk, clock, logger, ...options }: ClientConnectionOptions) {
    this.#socket = socket;
    this.#clock = clock;
    this.#desk = desk;
    this.client = new ServedClient({
      ...options,
      clock,
      logger,
      seat: desk.seat(() => this.#isClogged),
      socket: { send: (message) => this.#send(message), close: (reason) => this.#close(reason) },
      onPending: (pending) => {
        this.#unanswered = pending;
        this.#throttle();
      },
    });
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.client.takeBytes(data);
      else this.client.takeText(data.toString());
    });
    socket.on('ping', (data) => {
      socket.pong(data, false, () => this.#throttle());
      this.#throttle();
    });
    // Oversized and broken frames; `ws` closes the socket with the code that belongs to it.
    socket.on('error', (error) => logger.warn('serve.client-broken', { reason: error.message }));
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.client.leave();
        this.#cancelStall?.();
        this.#cancelGrace?.();
        resolve();
      });
    });
  }

  /** Says goodbye; a client that does not answer is dropped soon. */
  end(reason: string): void {
    this.client.leave();
    this.#close(reason);
  }

  get #isClogged(): boolean {
    return this.#socket.bufferedAmount > MAX_UNSENT_BYTES;
  }

  #send(message: string | Uint8Array): void {
    // The socket has no event for "taken"; the callback of what was sent last is one.
    this.#socket.send(message, () => this.#throttle());
    this.#throttle();
  }

  #throttle(): void {
    const { readyState, OPEN } = this.#socket;
    if (readyState !== OPEN) return;
    if (this.#isClogged || this.#unanswered >= MAX_UNANSWERED) this.#socket.pause();
    else if (this.#socket.isPaused) {
      this.#socket.resume();
      this.#desk.wake();
    }
    if (!this.#isClogged) {
      this.#cancelStall?.();
      this.#cancelStall = undefined;
    } else this.#cancelStall ??= this.#clock.after(STALL_MS, () => this.#socket.terminate());
  }

  #close(reason: string): void {
    // A paused socket would never see the client's goodbye.
    this.#socket.resume();
    this.#socket.close(NORMAL_CLOSURE, reasonText(reason));
    this.#cancelGrace ??= this.#clock.after(CLOSE_GRACE_MS, () => this.#socket.terminate());
  }
}
