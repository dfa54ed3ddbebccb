import type { Clock } from '../clock.js';

export interface Deadline {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Settles as `work` does, or rejects with `late()` after `timeoutMs`, or with `signal.reason`. Does not stop `work`. */
export const withDeadline = <T>(
  work: Promise<T>,
  { clock, timeoutMs, signal }: Deadline,
  late: () => Error,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      cancel();
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const onAbort = (): void => settle(() => reject(signal?.reason));
    const cancel = clock.after(timeoutMs, () => settle(() => reject(late())));
    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
