import type { Clock } from '../clock.js';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Lets everything run that waits for nothing but its turn. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that passes only when told to, one timer after the other, in order, each with all that follows from it. */
export class VirtualClock implements Clock {
  #now: number;
  #timers: Timer[] = [];

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** Timers that are still to fire: what somebody has not cleaned up, once all is over. */
  get pending(): number {
    return this.#timers.length;
  }

  after(ms: number, callback: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, ms), callback };
    const later = this.#timers.findIndex(({ at }) => at > timer.at);
    this.#timers.splice(later < 0 ? this.#timers.length : later, 0, timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = (): void => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = this.after(ms, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Fires the next timer, if one is due until `end`. Says whether one was. */
  #fire(end: number): boolean {
    const [timer] = this.#timers;
    if (!timer || timer.at > end) return false;
    this.#timers.shift();
    this.#now = timer.at;
    timer.callback();
    return true;
  }

  async #step(end: number): Promise<boolean> {
    if (!this.#fire(end)) return false;
    await settled();
    return true;
  }

  /** Lets `ms` pass at once: promises that timers settle go on only after it. */
  pass(ms: number): void {
    const end = this.#now + ms;
    while (this.#fire(end));
    this.#now = end;
  }

  /** Lets `ms` pass, and all that follows from each timer happen before the next. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    while (await this.#step(end));
    this.#now = end;
  }

  /** Lets time pass until `over` holds, but not beyond `ms`. Says whether it came to hold. */
  async runUntil(over: () => boolean, ms: number): Promise<boolean> {
    const end = this.#now + ms;
    await settled();
    while (!over()) if (!(await this.#step(end))) return false;
    return true;
  }
}
