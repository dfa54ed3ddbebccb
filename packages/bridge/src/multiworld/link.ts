import {
  type Decoded,
  hostAndPort,
  type Scheme,
  type ServerAddress,
  type ServerPacket,
  schemesOf,
  socketUrl,
} from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import type { Clock, Random } from '../clock.js';
import type { Logger } from '../logger.js';
import { retryDelayMs } from './backoff.js';
import { Connection, type ConnectionEnd } from './connection.js';
import type { SocketFactory } from './socket.js';

/** A connection that lasted this long was a good one: the next loss starts again with the shortest wait. */
const GOOD_AFTER_MS = 10_000;

export interface LinkOptions {
  readonly address: ServerAddress;
  readonly connect: SocketFactory;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly schemes: Map<string, Scheme>;
  readonly timeoutMs: number;
}

export interface LinkHandlers {
  /** An attempt begins. */
  dialling(): void;
  opened(connection: Connection): void;
  message(connection: Connection, commands: readonly Decoded<ServerPacket>[]): void;
  /** The connection, or the attempt at one, is over. The next attempt follows after `retryInMs`. */
  lost(end: ConnectionEnd, retryInMs: number): void;
}

/** Keeps one connection to a room alive: tries the schemes, waits, tries again, for ever. */
export class Link {
  readonly #options: LinkOptions;
  readonly #handlers: LinkHandlers;
  #connection: Connection | undefined;
  #failures = 0;
  #openedAt = 0;
  #cancelRetry: () => void = () => {};

  constructor(options: LinkOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
  }

  /** The connection in use, open or opening. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Starts an attempt now, unless one is running. */
  dial(): void {
    if (this.#connection) return;
    this.#cancelRetry();
    this.#handlers.dialling();
    const { address, schemes } = this.#options;
    this.#open(schemesOf(address, schemes.get(hostAndPort(address))));
  }

  /** As {@link dial}, and a failure counts as the first. */
  dialAfresh(): void {
    this.#failures = 0;
    this.dial();
  }

  /** Ends connection and retries, politely. `dial` would start again. */
  async stop(): Promise<void> {
    this.#cancelRetry();
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }

  #open(schemes: readonly Scheme[]): void {
    const [scheme, ...others] = schemes;
    if (!scheme) return;
    const { address, connect, clock, timeoutMs, logger } = this.#options;
    const url = socketUrl(address, scheme);
    logger.debug('multiworld.dial', { url });
    let connection: Connection;
    try {
      connection = new Connection(
        { url, connect, clock, openTimeoutMs: timeoutMs },
        {
          opened: () => {
            this.#openedAt = clock.now();
            this.#options.schemes.set(hostAndPort(address), scheme);
            this.#handlers.opened(connection);
          },
          message: (commands) => this.#handlers.message(connection, commands),
          closed: (end) => {
            this.#connection = undefined;
            if (!end.opened && end.wrongProtocol && others.length > 0) this.#open(others);
            else this.#lost(end);
          },
        },
      );
    } catch (error) {
      this.#lost({
        code: 1006,
        opened: false,
        wrongProtocol: false,
        error: CausewayError.from(error, 'server_unreachable'),
      });
      return;
    }
    this.#connection = connection;
  }

  #lost(end: ConnectionEnd): void {
    const { clock, random } = this.#options;
    if (end.opened && clock.now() - this.#openedAt >= GOOD_AFTER_MS) this.#failures = 0;
    this.#failures += 1;
    const retryInMs = retryDelayMs(this.#failures, random);
    this.#cancelRetry = clock.after(retryInMs, () => this.dial());
    this.#handlers.lost(end, retryInMs);
  }
}
