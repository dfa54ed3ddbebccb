import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import { askWhereabouts, type Fetch, type RoomPage, type RoomWhereabouts, wakeRoom } from './room-page.js';

const REQUEST_TIMEOUT_MS = 10_000;
/** Time between two questions about a lost room: this long after the first, twice as long after each further one. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 300_000;
/** As often as a person may ask. */
const SHORTEST_PAUSE_MS = 5_000;
/** A room that was woken starts within seconds (`web-host.md` §2). */
const WAKE_POLL_MS = 2_000;
const WAKE_POLLS = 30;
/** So long the old port may still be shown after the page was opened. */
const STALE_POLLS = 3;

export interface RoomFollowerOptions {
  readonly page: RoomPage;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether somebody wants to play now. A room is not kept awake for a program that was merely left running. */
  readonly wanted: () => boolean;
}

/** Asks a room's page where the room runs, and wakes it when it sleeps; never more often than is polite. */
export class RoomFollower {
  readonly #options: RoomFollowerOptions;
  #askedAt = Number.NEGATIVE_INFINITY;
  #pauseMs = FIRST_PAUSE_MS;
  /** Time that must have passed since the last question. */
  #waitMs = 0;
  #abort: AbortController | undefined;

  constructor(options: RoomFollowerOptions) {
    this.#options = options;
  }

  /**
   * Where the room is.
   *
   * @param port where it was thought to be
   * @returns its port; 0 when the page does not say; `undefined` when it was not asked, since it was asked a moment ago
   */
  async locate(port: number): Promise<number | undefined> {
    const { clock, logger } = this.#options;
    if (this.#abort || clock.now() < this.#askedAt + this.#waitMs) return undefined;
    const abort = new AbortController();
    this.#abort = abort;
    this.#askedAt = clock.now();
    this.#waitMs = this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    try {
      const found = await this.#find(port, abort.signal);
      return abort.signal.aborted ? undefined : found;
    } catch (error) {
      if (abort.signal.aborted) return undefined;
      logger.info('multiworld.room_page_silent', { page: this.#options.page.url, error: String(error) });
      return 0;
    } finally {
      if (this.#abort === abort) this.#abort = undefined;
    }
  }

  /** The room was found: the next loss begins with the shortest pause. */
  found(): void {
    this.#pauseMs = FIRST_PAUSE_MS;
  }

  /** A person wants in now. */
  hurry(): void {
    this.#waitMs = Math.min(this.#waitMs, SHORTEST_PAUSE_MS);
    this.#pauseMs = FIRST_PAUSE_MS;
  }

  /** Gives up the question under way. */
  stop(): void {
    this.#abort?.abort();
    this.#abort = undefined;
  }

  async #find(port: number, signal: AbortSignal): Promise<number> {
    const { page, fetch, wanted, logger } = this.#options;
    const whereabouts = await this.#ask(signal);
    if (!whereabouts.asleep) return whereabouts.port;
    if (!wanted()) return 0;
    logger.info('multiworld.waking_room', { page: page.url });
    await this.#within(signal, (timed) => wakeRoom(page, fetch, timed));
    return this.#awaken(port, signal);
  }

  async #awaken(port: number, signal: AbortSignal): Promise<number> {
    for (let poll = 1; poll <= WAKE_POLLS; poll += 1) {
      await this.#options.clock.sleep(WAKE_POLL_MS, signal);
      const { port: now, asleep } = await this.#ask(signal);
      if (!asleep && (now !== port || poll >= STALE_POLLS)) return now;
    }
    return 0;
  }

  #ask(signal: AbortSignal): Promise<RoomWhereabouts> {
    const { page, fetch, clock } = this.#options;
    return this.#within(signal, (timed) => askWhereabouts(page, fetch, clock.now(), timed));
  }

  /** Runs one request with its deadline. */
  async #within<Value>(signal: AbortSignal, request: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const deadline = new AbortController();
    const cancel = this.#options.clock.after(REQUEST_TIMEOUT_MS, () => deadline.abort(new Error('no answer in time')));
    try {
      return await request(AbortSignal.any([signal, deadline.signal]));
    } finally {
      cancel();
    }
  }
}
