import type { Clock } from '../../clock.js';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Everything that can happen without time passing has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that passes only when told to, one timer after the other, in order. */
export class VirtualClock implements Clock {
  #now = 1_700_000_000_000;
  #timers: Timer[] = [];

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

  /** Fires the next timer and lets everything that follows from it happen. `false` when there is none. */
  async step(): Promise<boolean> {
    const timer = this.#timers.shift();
    if (!timer) return false;
    this.#now = timer.at;
    timer.callback();
    await settled();
    return true;
  }

  /** Lets time pass until `over` holds, but not beyond `ms`. Says whether it came to hold. */
  async runUntil(over: () => boolean, ms: number): Promise<boolean> {
    const end = this.#now + ms;
    await settled();
    while (!over()) {
      const next = this.#timers[0];
      if (!next || next.at > end) return false;
      await this.step();
    }
    return true;
  }
}
