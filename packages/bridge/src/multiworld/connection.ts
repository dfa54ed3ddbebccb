import {
  type ClientPacket,
  type Decoded,
  decodeServerMessage,
  packMessages,
  type ServerPacket,
} from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import type { Clock } from '../clock.js';
import type { Socket, SocketClose, SocketFactory, SocketHandlers } from './socket.js';

const PING_MS = 15_000;
const MISSING_PONGS = 2;
/** Above this much in the socket's hands, further messages wait here. */
const HIGH_WATER_BYTES = 1024 * 1024;
/** Most that waits here. A peer that takes nothing for so long is found dead by the pings. */
const QUEUE_BYTES = 16 * 1024 * 1024;
const DRAIN_MS = 50;
const CLOSE_MS = 1_000;

/** How a connection ended. */
export interface ConnectionEnd {
  readonly code: number;
  /** Whether the websocket was ever open. */
  readonly opened: boolean;
  readonly wrongProtocol: boolean;
  readonly error: CausewayError;
}

/** Called in order; `closed` exactly once and last, and never after {@link Connection.close}. */
export interface ConnectionHandlers {
  opened(): void;
  message(commands: readonly Decoded<ServerPacket>[]): void;
  closed(end: ConnectionEnd): void;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly connect: SocketFactory;
  readonly clock: Clock;
  /** Time to open; milliseconds. */
  readonly openTimeoutMs: number;
}

/**
 * One websocket from its opening to its end. Whatever a socket does after that end reaches nobody, so a late event of an
 * old connection cannot touch the next one.
 */
export class Connection {
  readonly #handlers: ConnectionHandlers;
  readonly #clock: Clock;
  readonly #socket: Socket;
  #state: 'opening' | 'open' | 'closing' | 'ended' = 'opening';
  #queue: string[] = [];
  #queuedBytes = 0;
  #unanswered = 0;
  #cancelDeadline: () => void = () => {};
  #cancelPing: () => void = () => {};
  #cancelDrain: () => void = () => {};
  #onEnded: () => void = () => {};

  constructor({ url, connect, clock, openTimeoutMs }: ConnectionOptions, handlers: ConnectionHandlers) {
    this.#handlers = handlers;
    this.#clock = clock;
    this.#socket = connect(url, this.#socketHandlers());
    this.expect('open a connection', openTimeoutMs);
  }

  /** Sets the one deadline that runs: when nothing calls `expect` or `arrived` until then, the connection is given up. */
  expect(what: string, timeoutMs: number): void {
    this.#cancelDeadline();
    this.#cancelDeadline = this.#clock.after(timeoutMs, () => {
      this.fail(new CausewayError('server_timeout', `the server did not ${what} within ${timeoutMs} ms`));
    });
  }

  /** What was expected has come. */
  arrived(): void {
    this.#cancelDeadline();
  }

  /**
   * Sends packets in order, in as few messages as the server takes.
   *
   * @returns the packets that can not be sent: too large for any message, or more than may wait
   */
  send(packets: readonly ClientPacket[]): readonly ClientPacket[] {
    if (this.#state !== 'open') return packets;
    if (this.#queuedBytes > QUEUE_BYTES) return packets;
    const { messages, tooLarge } = packMessages(packets);
    for (const message of messages) {
      this.#queue.push(message);
      this.#queuedBytes += message.length;
    }
    this.#drain();
    return tooLarge;
  }

  /** Ends it for a reason of ours, which `closed` then tells. */
  fail(error: CausewayError): void {
    this.#end({ code: 1006, opened: this.#state !== 'opening', wrongProtocol: false, error });
  }

  /** Says goodbye after what was sent, and waits a second at most for the answer. No handler is called any more. */
  close(): Promise<void> {
    if (this.#state === 'ended' || this.#state === 'closing') return Promise.resolve();
    const polite = this.#state === 'open';
    this.#stopTimers();
    if (!polite) {
      this.#state = 'ended';
      this.#socket.terminate();
      return Promise.resolve();
    }
    for (const message of this.#queue.splice(0)) this.#socket.send(message);
    this.#state = 'closing';
    return new Promise((resolve) => {
      const cancel = this.#clock.after(CLOSE_MS, () => {
        this.#state = 'ended';
        this.#socket.terminate();
        resolve();
      });
      this.#onEnded = () => {
        cancel();
        resolve();
      };
      this.#socket.close(1000);
    });
  }

  #socketHandlers(): SocketHandlers {
    return {
      open: () => {
        if (this.#state !== 'opening') return;
        this.#state = 'open';
        this.#schedulePing();
        this.#handlers.opened();
      },
      message: (text) => {
        if (this.#state !== 'open') return;
        this.#unanswered = 0;
        this.#handlers.message(
          text === undefined
            ? [{ kind: 'malformed', cmd: undefined, problem: 'a binary message' }]
            : decodeServerMessage(text),
        );
      },
      pong: () => {
        this.#unanswered = 0;
      },
      close: (close) => this.#socketClosed(close),
    };
  }

  #socketClosed(close: SocketClose): void {
    if (this.#state === 'closing') {
      this.#state = 'ended';
      this.#onEnded();
      return;
    }
    const opened = this.#state === 'open';
    const why = close.problem ?? (close.reason || `close code ${close.code}`);
    const error = opened
      ? new CausewayError('server_lost', `the server is gone: ${why}`, { context: { closeCode: close.code } })
      : new CausewayError('server_unreachable', `cannot reach the server: ${why}`);
    this.#end({ code: close.code, opened, wrongProtocol: close.wrongProtocol ?? false, error });
  }

  #end(end: ConnectionEnd): void {
    if (this.#state === 'ended' || this.#state === 'closing') return;
    this.#state = 'ended';
    this.#stopTimers();
    this.#queue = [];
    this.#socket.terminate();
    this.#handlers.closed(end);
  }

  #drain(): void {
    this.#cancelDrain();
    while (this.#queue.length > 0 && this.#socket.bufferedBytes < HIGH_WATER_BYTES) {
      const message = this.#queue.shift() ?? '';
      this.#queuedBytes -= message.length;
      this.#socket.send(message);
    }
    if (this.#queue.length === 0) return;
    this.#cancelDrain = this.#clock.after(DRAIN_MS, () => {
      if (this.#state === 'open') this.#drain();
    });
  }

  #schedulePing(): void {
    this.#cancelPing = this.#clock.after(PING_MS, () => {
      if (this.#unanswered >= MISSING_PONGS) {
        this.fail(new CausewayError('server_lost', 'the server is gone: it answers no pings'));
        return;
      }
      this.#unanswered += 1;
      this.#socket.ping();
      this.#schedulePing();
    });
  }

  #stopTimers(): void {
    this.#cancelDeadline();
    this.#cancelPing();
    this.#cancelDrain();
  }
}
