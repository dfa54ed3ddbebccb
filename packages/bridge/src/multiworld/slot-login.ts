import type { ClientPacket, ConnectionRefused, RoomInfo } from '@causeway/protocol/archipelago';
import type { CausewayError } from '@causeway/protocol/errors';
import type { Connection } from './connection.js';
import type { DataPackageStore } from './data-packages.js';
import {
  type Credentials,
  connectPacket,
  dataPackageRequest,
  onlyPasswordRefused,
  refusalError,
  uncachedGames,
} from './login.js';
import type { PasswordSource } from './options.js';

export interface SlotLoginOptions {
  readonly credentials: Credentials;
  readonly password: string | PasswordSource | undefined;
  readonly packages: DataPackageStore;
  readonly timeoutMs: number;
  /** The tags of now. */
  readonly tags: () => readonly string[];
  /** Which items are wanted now. */
  readonly itemsHandling: () => number;
  /** Sent right behind every login packet; answered only once the login is. */
  readonly barrier: () => ClientPacket;
  /** Whether a connection is still the one in use: a person may take minutes over a password. */
  readonly isCurrent: (connection: Connection) => boolean;
  readonly refused: (reasons: readonly string[], error: CausewayError) => void;
  /** A cache or a password prompt failed. */
  readonly failed: (error: unknown) => void;
}

/** A password is wanted for this. */
interface Request {
  readonly connection: Connection;
  /** Whether the one before was wrong. */
  readonly refused: boolean;
  readonly missing: readonly string[];
  readonly giveUp: () => void;
}

/** From the server's greeting to its answer: the login packet, in one message with all that need not wait for it. */
export class SlotLogin {
  readonly #options: SlotLoginOptions;
  #password: string | undefined;
  #known = false;
  #request: Request | undefined;

  constructor(options: SlotLoginOptions) {
    this.#options = options;
  }

  /** Answers a greeting. */
  begin(connection: Connection, info: RoomInfo): void {
    const missing = this.#missing(connection, info);
    if (this.#known) this.#send(connection, missing);
    else this.#ask({ connection, refused: false, missing, giveUp: () => {} });
  }

  /** A refusal: asks for another password on the same socket if that is all that was wrong, else gives up. */
  refuse(connection: Connection, packet: ConnectionRefused): void {
    connection.arrived();
    const { password, credentials, refused } = this.#options;
    this.#known = false;
    const giveUp = (): void => refused(packet.errors, refusalError(packet, credentials));
    if (typeof password === 'function' && onlyPasswordRefused(packet)) {
      this.#ask({ connection, refused: true, missing: [], giveUp });
    } else {
      giveUp();
    }
  }

  /** Games to ask for at once. What a slow cache finds missing is asked for later; the login does not wait for it. */
  #missing(connection: Connection, info: RoomInfo): readonly string[] {
    const uncached = uncachedGames(info);
    const { packages, failed, isCurrent } = this.#options;
    try {
      const missing = packages.missing(info.datapackage_checksums);
      if (!(missing instanceof Promise)) return [...missing, ...uncached];
      missing.then((games) => {
        if (isCurrent(connection)) connection.send(dataPackageRequest(games));
      }, failed);
      return uncached;
    } catch (error) {
      failed(error);
      return [...Object.keys(info.datapackage_checksums), ...uncached];
    }
  }

  #ask(request: Request): void {
    const { password: source, failed } = this.#options;
    if (typeof source !== 'function') {
      this.#answer(request, source);
      return;
    }
    // One prompt at a time: after a reconnect its answer goes to the new connection.
    const asking = this.#request !== undefined;
    this.#request = request;
    if (asking) return;
    try {
      const answer = source(request.refused);
      if (answer instanceof Promise)
        answer.then(
          (given) => this.#answered(given),
          (error) => this.#unanswered(error),
        );
      else this.#answered(answer);
    } catch (error) {
      failed(error);
      this.#answered(undefined);
    }
  }

  #unanswered(error: unknown): void {
    this.#options.failed(error);
    this.#answered(undefined);
  }

  #answered(password: string | undefined): void {
    const request = this.#request;
    this.#request = undefined;
    if (request) this.#answer(request, password);
  }

  #answer({ connection, refused, missing, giveUp }: Request, password: string | undefined): void {
    const mistaken = this.#password;
    this.#password = password;
    if (!this.#options.isCurrent(connection)) {
      this.#known = password !== undefined;
      return;
    }
    if (refused && (password === undefined || password === mistaken)) {
      giveUp();
      return;
    }
    this.#known = true;
    this.#send(connection, missing);
  }

  #send(connection: Connection, missing: readonly string[]): void {
    const { credentials, tags, itemsHandling, barrier, timeoutMs } = this.#options;
    connection.expect('answer the login', timeoutMs);
    const login = connectPacket(credentials, tags(), this.#password, itemsHandling());
    connection.send([...dataPackageRequest(missing), login, barrier()]);
  }
}
