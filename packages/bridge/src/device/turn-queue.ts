import { CausewayError } from '@causeway/protocol/errors';
import type { Clock } from '../clock.js';

export interface TurnOptions {
  readonly signal?: AbortSignal | undefined;
  /** Moment, in milliseconds since the epoch, after which the caller does not want to wait any more. */
  readonly deadline?: number | undefined;
}

interface Waiter {
  readonly start: () => void;
  readonly refuse: (error: CausewayError) => void;
}

/** Lets callers in one after another, in the order they came. */
export class TurnQueue {
  readonly #clock: Clock;
  readonly #waiters: Waiter[] = [];
  #busy = false;
  #refused: CausewayError | undefined;
  #onIdle: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves when it is the caller's turn, which lasts until {@link next}.
   * Rejects with `signal.reason`, `device_timeout` or what {@link refuse} was given; there is then no turn to end.
   */
  turn({ signal, deadline }: TurnOptions = {}): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#refused) return Promise.reject(this.#refused);
    if (!this.#busy) {
      this.#busy = true;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const leave = (settle: () => void): void => {
        const place = this.#waiters.indexOf(waiter);
        if (place !== -1) this.#waiters.splice(place, 1);
        cancel();
        signal?.removeEventListener('abort', onAbort);
        settle();
      };
      const waiter: Waiter = { start: () => leave(resolve), refuse: (error) => leave(() => reject(error)) };
      const onAbort = (): void => leave(() => reject(signal?.reason));
      const tooLate = (): void => leave(() => reject(new CausewayError('device_timeout', 'The device was busy.')));
      const cancel =
        deadline === undefined ? () => {} : this.#clock.after(Math.max(0, deadline - this.#clock.now()), tooLate);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.push(waiter);
    });
  }

  /** Ends a turn. */
  next(): void {
    const waiter = this.#waiters.shift();
    if (waiter) {
      waiter.start();
      return;
    }
    this.#busy = false;
    for (const wake of this.#onIdle.splice(0)) wake();
  }

  /** Lets nobody in any more, those who wait included. */
  refuse(error: CausewayError): void {
    this.#refused ??= error;
    for (const waiter of this.#waiters.splice(0)) waiter.refuse(error);
  }

  /** Resolves when nobody has the turn, or after `graceMs`. */
  idle(graceMs: number): Promise<void> {
    if (!this.#busy) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(graceMs, resolve);
      this.#onIdle.push(() => {
        cancel();
        resolve();
      });
    });
  }
}
