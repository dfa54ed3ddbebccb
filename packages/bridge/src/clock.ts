import { setTimeout as delay } from 'node:timers/promises';

/** Time as the engine sees it. Passed in everywhere, so that tests and simulations own it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with `signal.reason` when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `callback` once after `ms`. The returned function cancels it; calling that twice is fine. */
  after(ms: number, callback: () => void): () => void;
}

/** The real time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** A number in [0, 1), like `Math.random`. */
export type Random = () => number;
