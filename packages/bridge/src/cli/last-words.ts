import type { SessionEvent } from '../session/events.js';

const turn = (): Promise<undefined> => new Promise((resolve) => setImmediate(resolve, undefined));

/**
 * A session's events without the `error` it ends with: that one rejects `done` as well, and a command tells it once, as
 * its failure.
 */
export async function* withoutLastWords(events: AsyncIterable<SessionEvent>): AsyncGenerator<SessionEvent, void> {
  const iterator = events[Symbol.asyncIterator]();
  let coming = iterator.next();
  try {
    for (let result = await coming; !result.done; result = await coming) {
      coming = iterator.next();
      // An ending session says its error and ends in the same turn of the event loop.
      const after = result.value.event === 'error' ? await Promise.race([coming, turn()]) : undefined;
      if (after?.done) return;
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}
