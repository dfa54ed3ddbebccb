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
import type { RoomFollower } from './room-follower.js';
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
  /** The room's page names another port; the next attempt goes there. */
  moved(address: ServerAddress): void;
  /** The room's page names no other port. */
  stayed(): void;
}

/** Keeps one connection to a room alive: tries the schemes, waits, tries again, for ever. */
export class Link {
  readonly #options: LinkOptions;
  readonly #handlers: LinkHandlers;
  readonly #follower: RoomFollower | undefined;
  #address: ServerAddress;
  #stopped = false;
  #open = false;
  #connection: Connection | undefined;
  #failures = 0;
  #openedAt = 0;
  #cancelRetry: () => void = () => {};

  /** @param follower asked where the room is whenever it cannot be reached */
  constructor(options: LinkOptions, handlers: LinkHandlers, follower?: RoomFollower) {
    this.#options = options;
    this.#handlers = handlers;
    this.#follower = follower;
    this.#address = options.address;
  }

  /** The connection in use, open or opening. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Starts an attempt now, unless one is running. */
  dial(): void {
    if (this.#connection) return;
    this.#cancelRetry();
    this.#stopped = false;
    this.#handlers.dialling();
    const address = this.#address;
    this.#dialBy(schemesOf(address, this.#options.schemes.get(hostAndPort(address))));
  }

  /** Whether somebody can be asked where the room is. */
  get follows(): boolean {
    return this.#follower !== undefined;
  }

  /** The room was found at this address. */
  arrived(): void {
    this.#follower?.found();
  }

  /** As {@link dial}, and a failure counts as the first. */
  dialAfresh(): void {
    this.#failures = 0;
    this.#follower?.hurry();
    this.dial();
  }

  /** Ends connection and retries, politely. `dial` would start again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRetry();
    this.#follower?.stop();
    const connection = this.#connection;
    this.#connection = undefined;
    this.#open = false;
    await connection?.close();
  }

  #dialBy(schemes: readonly Scheme[]): void {
    const [scheme, ...others] = schemes;
    if (!scheme) return;
    const { connect, clock, timeoutMs, logger } = this.#options;
    const address = this.#address;
    const url = socketUrl(address, scheme);
    logger.debug('multiworld.dial', { url });
    let connection: Connection;
    try {
      connection = new Connection(
        { url, connect, clock, openTimeoutMs: timeoutMs },
        {
          opened: () => {
            this.#open = true;
            this.#openedAt = clock.now();
            this.#options.schemes.set(hostAndPort(address), scheme);
            this.#handlers.opened(connection);
          },
          message: (commands) => this.#handlers.message(connection, commands),
          closed: (end) => {
            this.#connection = undefined;
            this.#open = false;
            if (!end.opened && end.wrongProtocol && others.length > 0) this.#dialBy(others);
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
    void this.#follow();
  }

  /** Runs beside the retries: a page that does not answer, or is not there, changes nothing for them. */
  async #follow(): Promise<void> {
    const port = await this.#follower?.locate(this.#address.port);
    // Where we are let in is where the room is, whatever its page says.
    if (port === undefined || this.#stopped || this.#open) return;
    if (port <= 0 || port === this.#address.port) this.#handlers.stayed();
    else this.#move(port);
  }

  #move(port: number): void {
    const { schemes } = this.#options;
    const before = schemes.get(hostAndPort(this.#address));
    this.#address = { ...this.#address, port };
    const now = hostAndPort(this.#address);
    if (before && !schemes.has(now)) schemes.set(now, before);
    void this.#connection?.close();
    this.#connection = undefined;
    this.#handlers.moved(this.#address);
    // The owner may have had enough.
    if (this.#stopped) return;
    this.#failures = 0;
    this.dial();
  }
}
