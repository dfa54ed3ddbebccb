import type { Clock } from '@causeway/bridge';

interface Limits {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Settles as `work` does, or rejects with `late()` after `timeoutMs`, or with `signal.reason`. Does not stop `work`. */
export const withDeadline = <T>(work: Promise<T>, limits: Limits, late: () => Error): Promise<T> =>
  new Promise((resolve, reject) => {
    const { signal } = limits;
    const onAbort = (): void => settle(() => reject(signal?.reason));
    const cancel = limits.clock.after(limits.timeoutMs, () => settle(() => reject(late())));
    const settle = (finish: () => void): void => {
      cancel();
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
