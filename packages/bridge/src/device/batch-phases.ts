import type { GuardStep, ReadStep, Region, Step, WriteStep } from './contract.js';

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

export const regionOf = (step: GuardStep | ReadStep): Region => ({
  domain: step.at.domain,
  offset: step.at.offset,
  size: step.kind === 'read' ? step.size : step.expect.length,
});

/** What to ask the link for one phase. */
export interface Look {
  /** A place that is guarded several times is there once. */
  readonly regions: readonly Region[];
  /** For each step of the phase, which of the regions is its own. */
  readonly places: readonly number[];
  /** The first step that guards a place a second time: from there on a phase asks how things are after what stands before. */
  readonly again: number | undefined;
}

export const lookOf = ({ steps }: LookPhase): Look => {
  const guarded = new Map<string, number>();
  const regions: Region[] = [];
  let again: number | undefined;
  const places = steps.map((step, index) => {
    const region = regionOf(step);
    if (step.kind === 'read') return regions.push(region) - 1;
    const key = `${region.domain} ${region.offset} ${region.size}`;
    const known = guarded.get(key);
    if (known !== undefined) again ??= index;
    const place = known ?? regions.push(region) - 1;
    guarded.set(key, place);
    return place;
  });
  return { regions, places, again };
};

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

export interface Seen {
  /** Bytes of the reads, up to the guard that failed. */
  readonly reads: readonly Uint8Array[];
  /** Index of the first guard that did not hold. */
  readonly failed?: number;
}

/** Goes through steps of a phase in order, with the bytes of each. */
export const judgeLook = (steps: LookPhase['steps'], bytesOf: (step: number) => Uint8Array): Seen => {
  const reads: Uint8Array[] = [];
  for (const [index, step] of steps.entries()) {
    const bytes = bytesOf(index);
    if (step.kind === 'read') reads.push(bytes);
    else if (!sameBytes(bytes, step.expect)) return { reads, failed: index };
  }
  return { reads };
};
