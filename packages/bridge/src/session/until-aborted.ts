/**
 * `work`, or the signal's reason as soon as it aborts: so that a peer that ignores an abort cannot hold us up.
 * `onLate` gets what still comes after that.
 */
export const untilAborted = <T>(work: Promise<T>, signal: AbortSignal, onLate?: (value: T) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    let over = false;
    const abort = (): void => {
      over = true;
      reject(signal.reason);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    const finish = (act: () => void): void => {
      signal.removeEventListener('abort', abort);
      if (!over) act();
    };
    work.then(
      (value) => (over ? onLate?.(value) : finish(() => resolve(value))),
      (error) => finish(() => reject(error)),
    );
  });
