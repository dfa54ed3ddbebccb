import type { Clock } from '../clock.js';

/** A sleep that others can cut short. One sleeper at a time. */
export class Nap {
  readonly #clock: Clock;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after `ms`, or as soon as {@link wake} is called; never rejects. */
  take(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(ms, () => {
        this.#wake = undefined;
        resolve();
      });
      this.#wake = () => {
        this.#wake = undefined;
        cancel();
        resolve();
      };
    });
  }

  readonly wake = (): void => this.#wake?.();
}

/** Waits for `work` at most `ms`; `false` when it took longer. A failure of `work` counts as done. */
export const waitAtMost = (clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> =>
  new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(false));
    const finish = (): void => {
      cancel();
      resolve(true);
    };
    work.then(finish, finish);
  });
