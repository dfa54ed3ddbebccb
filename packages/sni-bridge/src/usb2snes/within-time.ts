import type { Clock } from '@causeway/bridge';

export interface TimeLimit {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What the work is aborted with when it takes too long. */
  readonly late: () => Error;
}

/** Runs work that ends when its signal is aborted: by the caller, or because it takes too long. */
export const withinTime = async <T>(
  { clock, timeoutMs, signal, late }: TimeLimit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const cancel = clock.after(timeoutMs, () => controller.abort(late()));
  const onAbort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    cancel();
    signal?.removeEventListener('abort', onAbort);
  }
};
