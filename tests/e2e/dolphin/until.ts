import { setTimeout as after } from 'node:timers/promises';

/** Memory of another process tells nobody when it changes: it has to be looked at again. */
const LOOK_EVERY_MS = 5;

/** Waits until `isSo`; rejects, saying what did not happen, when `signal` aborts. */
export const until = async (
  isSo: () => boolean,
  what: string,
  signal: AbortSignal = AbortSignal.timeout(10_000),
): Promise<void> => {
  while (!isSo()) {
    if (signal.aborted) throw new Error(`${what} did not come.`);
    await after(LOOK_EVERY_MS);
  }
};
