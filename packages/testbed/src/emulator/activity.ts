import type { Clock } from '@causeway/bridge';

/** "Something happened": what wakes a script that waits for a socket. One waiter at a time. */
export class Activity {
  readonly #clock: Clock;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  notify(): void {
    this.#wake?.();
  }

  /**
   * Resolves at the next {@link notify}, or when the time is over. Leaves no timer behind.
   *
   * @param seconds negative: for ever
   */
  wait(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wake = undefined;
        cancel?.();
        resolve();
      };
      const cancel = seconds < 0 ? undefined : this.#clock.after(Math.ceil(seconds * 1000), wake);
      this.#wake = wake;
    });
  }
}
