import { CausewayError } from '@causeway/protocol/errors';
import type { Clock } from '../clock.js';

/** How long one call may take, and what ends it earlier. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds; default 10 000. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;

interface Pending<Value> {
  /** What was asked, for whoever has to recognise the answer. */
  readonly label: string;
  settle(outcome: { readonly value: Value } | { readonly error: unknown }): void;
}

/**
 * Requests that wait for an answer. Each settles exactly once: by its answer, its deadline, its signal, or all together
 * when the connection is gone. The server never answers a request with an error, and may never answer at all.
 */
export class PendingRequests<Value> {
  readonly #clock: Clock;
  readonly #pending = new Map<string, Pending<Value>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Registers a request. Send it right after: an aborted signal rejects without anything to send. */
  add(id: string, label: string, { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: CallOptions = {}): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const abort = (): void => entry.settle({ error: signal?.reason });
      const cancelTimer = this.#clock.after(timeoutMs, () => {
        entry.settle({ error: new CausewayError('server_timeout', `no answer to ${label} within ${timeoutMs} ms`) });
      });
      const entry: Pending<Value> = {
        label,
        settle: (outcome) => {
          if (!this.#pending.delete(id)) return;
          cancelTimer();
          signal?.removeEventListener('abort', abort);
          if ('value' in outcome) resolve(outcome.value);
          else reject(outcome.error);
        },
      };
      this.#pending.set(id, entry);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  has(id: string): boolean {
    return this.#pending.has(id);
  }

  /** Settles the request with this id, if it still waits. */
  resolve(id: string, value: Value): boolean {
    const entry = this.#pending.get(id);
    entry?.settle({ value });
    return entry !== undefined;
  }

  reject(id: string, error: CausewayError): void {
    this.#pending.get(id)?.settle({ error });
  }

  /** Rejects the request that has waited longest, of those with this label. */
  rejectOldest(label: string, error: CausewayError): boolean {
    const entry = [...this.#pending.values()].find((candidate) => candidate.label === label);
    entry?.settle({ error });
    return entry !== undefined;
  }

  /** Nothing will be answered any more. */
  rejectAll(error: CausewayError): void {
    for (const entry of [...this.#pending.values()]) entry.settle({ error });
  }
}
