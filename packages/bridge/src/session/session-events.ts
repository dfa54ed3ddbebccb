import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { SessionEvent, SessionEventBody } from './events.js';

/** Events kept for a consumer that has not come yet or is slow; beyond it the oldest go. */
const CAPACITY = 10_000;

/** Single-consumer, bounded queue of session events. */
export class SessionEvents {
  readonly #clock: Clock;
  readonly #logger: Logger;
  #queue: SessionEvent[] = [];
  #waiting: ((result: IteratorResult<SessionEvent>) => void) | undefined;
  #ended = false;
  #consumed = false;
  #dropped = 0;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  readonly emit = (body: SessionEventBody): void => {
    if (this.#ended) return;
    const event: SessionEvent = { time: new Date(this.#clock.now()).toISOString(), ...body };
    const waiting = this.#waiting;
    if (waiting) {
      this.#waiting = undefined;
      waiting({ done: false, value: event });
      return;
    }
    this.#queue.push(event);
    if (this.#queue.length > CAPACITY) this.#drop();
  };

  /** No event follows; what is queued can still be taken. */
  end(): void {
    this.#ended = true;
    this.#waiting?.({ done: true, value: undefined });
    this.#waiting = undefined;
  }

  /** Throws when called a second time: two loops would each see half of the story. */
  consume(): AsyncIterable<SessionEvent> {
    if (this.#consumed) throw new TypeError('The events of a session have one consumer.');
    this.#consumed = true;
    return { [Symbol.asyncIterator]: () => ({ next: () => this.#next(), return: () => this.#leave() }) };
  }

  #next(): Promise<IteratorResult<SessionEvent>> {
    const event = this.#queue.shift();
    if (event) return Promise.resolve({ done: false, value: event });
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  #leave(): Promise<IteratorResult<SessionEvent>> {
    this.#queue = [];
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  #drop(): void {
    this.#queue.shift();
    if (this.#dropped++ === 0) this.#logger.warn('session.events-dropped', { capacity: CAPACITY });
  }
}
