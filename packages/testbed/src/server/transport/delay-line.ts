import type { Clock } from '@causeway/bridge';

/** Runs actions later, in the order they came, each no sooner than its own delay. */
export class DelayLine {
  readonly #clock: Clock;
  readonly #waiting: { readonly due: number; readonly run: () => void }[] = [];
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs at once when there is no delay and nothing waits. */
  push(delayMs: number, run: () => void): void {
    if (delayMs <= 0 && this.#waiting.length === 0) {
      run();
      return;
    }
    const last = this.#waiting.at(-1)?.due ?? 0;
    this.#waiting.push({ due: Math.max(last, this.#clock.now() + delayMs), run });
    if (this.#waiting.length === 1) this.#arm();
  }

  /** Forgets what waits. */
  clear(): void {
    this.#cancel?.();
    this.#waiting.length = 0;
  }

  #arm(): void {
    const [next] = this.#waiting;
    if (!next) return;
    this.#cancel = this.#clock.after(Math.max(0, next.due - this.#clock.now()), () => {
      this.#waiting.shift();
      this.#arm();
      next.run();
    });
  }
}
