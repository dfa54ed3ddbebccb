import type { WriteOutcome } from '../game/contract.js';
import type { WriteEffect } from '../game/delivery.js';

/** Writes on their way from the step that wanted them to the batch that carries them out, and what became of them. */
export class WriteQueue {
  #pending: readonly WriteEffect[] = [];
  #refused: ReadonlySet<string> = new Set();
  #outcomes: WriteOutcome[] = [];

  /** The writes of the latest step. */
  put(writes: readonly WriteEffect[]): void {
    this.#pending = writes;
  }

  /** Hands each write out once. Those refused last time stand last, so that they cannot starve the others. */
  take(): readonly WriteEffect[] {
    const writes = this.#pending;
    this.#pending = [];
    const late = ({ label }: WriteEffect): boolean => this.#refused.has(label);
    return [...writes.filter((write) => !late(write)), ...writes.filter(late)];
  }

  /** What became of writes that were taken. */
  settle(outcomes: readonly WriteOutcome[]): void {
    if (outcomes.length === 0) return;
    this.#outcomes.push(...outcomes);
    this.#refused = new Set(outcomes.filter(({ outcome }) => outcome === 'refused').map(({ label }) => label));
  }

  /** What they were decided from holds no longer. */
  drop(): void {
    this.settle(this.#pending.map(({ label }) => ({ label, outcome: 'skipped' })));
    this.#pending = [];
  }

  /** Outcomes the module has not been shown yet. */
  takeOutcomes(): readonly WriteOutcome[] {
    return this.#outcomes.splice(0);
  }
}
