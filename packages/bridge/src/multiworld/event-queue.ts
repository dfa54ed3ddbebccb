import type { Logger } from '../logger.js';
import type { MultiworldEvent } from './contract.js';

/**
 * Hands events to their owner in order, one at a time.
 *
 * While a message of the server is being read, events wait until all of it has been: the item list that comes with a login
 * is then already part of the room that `joined` shows. An owner that throws stops nothing.
 */
export class EventQueue {
  readonly #deliver: (event: MultiworldEvent) => void;
  readonly #logger: Logger;
  #waiting: (() => MultiworldEvent)[] = [];
  #held = false;
  #delivering = false;
  #ended = false;

  constructor(deliver: (event: MultiworldEvent) => void, logger: Logger) {
    this.#deliver = deliver;
    this.#logger = logger;
  }

  /** @param event made at the moment it is delivered when it is a function */
  push(event: MultiworldEvent | (() => MultiworldEvent)): void {
    if (this.#ended) return;
    this.#waiting.push(typeof event === 'function' ? event : () => event);
    this.#flush();
  }

  /** Runs `work`; its events are delivered after it. */
  during(work: () => void): void {
    this.#held = true;
    try {
      work();
    } finally {
      this.#held = false;
      this.#flush();
    }
  }

  /** Nothing is delivered any more. */
  end(): void {
    this.#ended = true;
    this.#waiting = [];
  }

  #flush(): void {
    if (this.#held || this.#delivering) return;
    this.#delivering = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const event = next();
      try {
        this.#deliver(event);
      } catch (error) {
        this.#logger.error('multiworld.listener_failed', { event: event.kind, error: String(error) });
      }
    }
    this.#delivering = false;
  }
}
