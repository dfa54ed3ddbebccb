/**
 * One listener for each signal, however many questions hang on it: a batch has dozens, and Node takes more than ten listeners
 * for a leak.
 */
export class AbortFanOut {
  readonly #signals = new Map<AbortSignal, Set<() => void>>();

  /** Calls back once when the signal aborts. The returned function unsubscribes; calling it twice is fine. */
  on(signal: AbortSignal, callback: () => void): () => void {
    const callbacks = this.#signals.get(signal) ?? this.#listen(signal);
    callbacks.add(callback);
    return () => {
      callbacks.delete(callback);
      if (callbacks.size === 0 && this.#signals.get(signal) === callbacks) this.#forget(signal);
    };
  }

  readonly #fire = (event: Event): void => {
    const signal = event.target as AbortSignal;
    const callbacks = this.#signals.get(signal) ?? [];
    this.#forget(signal);
    for (const callback of [...callbacks]) callback();
  };

  #listen(signal: AbortSignal): Set<() => void> {
    const callbacks = new Set<() => void>();
    this.#signals.set(signal, callbacks);
    signal.addEventListener('abort', this.#fire);
    return callbacks;
  }

  #forget(signal: AbortSignal): void {
    this.#signals.delete(signal);
    signal.removeEventListener('abort', this.#fire);
  }
}
