import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '@causeway/bridge';

/** Frames a second of an NTSC NES: 1,789,772.7 CPU cycles a second, 29,780.5 of them a frame. */
export const NES_FRAMES_PER_SECOND = 60.0988;

/** Further behind than this, lost time is given up instead of being run after. */
const MAX_LAG_MS = 100;

export interface PacingOptions {
  readonly clock: Clock;
  /** Passes a second, asked before each; `Infinity` for as fast as it goes. */
  readonly passesPerSecond: () => number;
  readonly pass: () => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Calls `pass` again and again until aborted.
 *
 * Deadlines are absolute, so rounding of timers does not add up; every pass ends with a turn of the event loop at least, so
 * sockets are served between any two.
 */
export const runPaced = async ({ clock, passesPerSecond, pass, signal }: PacingOptions): Promise<void> => {
  let due = clock.now();
  while (!signal.aborted) {
    await pass();
    due += 1000 / passesPerSecond();
    const now = clock.now();
    if (now - due > MAX_LAG_MS || due - now > MAX_LAG_MS) due = now;
    if (due <= now) {
      // Two: what a client of this very process asks in answer to what it got arrives in the second.
      await turn();
      await turn();
      continue;
    }
    // Only an abort rejects, and the loop looks at that itself.
    await clock.sleep(due - now, signal).catch(() => undefined);
  }
};
