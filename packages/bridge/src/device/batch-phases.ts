import type { GuardStep, ReadStep, Step, WriteStep } from './contract.js';

/** Reads and guards that stand together: one exchange. */
export interface LookPhase {
  readonly kind: 'look';
  /** Index of its first step in the batch. */
  readonly first: number;
  readonly steps: readonly (GuardStep | ReadStep)[];
}
/** Writes that stand together. */
export interface WritePhase {
  readonly kind: 'write';
  readonly steps: readonly WriteStep[];
}
export type Phase = LookPhase | WritePhase;

/** A batch as the exchanges it takes where a device cannot do all in one: what stands between two writes is looked at together. */
export const phasesOf = (batch: readonly Step[]): readonly Phase[] => {
  const phases: (
    | { kind: 'look'; first: number; steps: (GuardStep | ReadStep)[] }
    | { kind: 'write'; steps: WriteStep[] }
  )[] = [];
  batch.forEach((step, index) => {
    const last = phases.at(-1);
    if (step.kind === 'write') {
      if (last?.kind === 'write') last.steps.push(step);
      else phases.push({ kind: 'write', steps: [step] });
    } else if (last?.kind === 'look') last.steps.push(step);
    else phases.push({ kind: 'look', first: index, steps: [step] });
  });
  return phases;
};
