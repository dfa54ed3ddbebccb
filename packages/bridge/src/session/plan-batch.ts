import { type Coalesced, coalesce } from '../device/coalesce.js';
import type { BatchResult, GuardStep, ReadStep, Region, Step } from '../device/contract.js';
import type { Guard, ReadPlan, Snapshot, WriteOutcome } from '../game/contract.js';
import type { WriteEffect } from '../game/delivery.js';

export interface BatchRequest {
  /** Bytes that say which game this is. They stand first: a write can never reach another ROM. */
  readonly identity: readonly Guard[];
  readonly plan: ReadPlan;
  readonly effects: readonly WriteEffect[];
  /** Repeat the guards after the reads: on a device that tears batches, only then do the reads fit together. */
  readonly reguard: boolean;
}

/** A plan's regions, joined where they touch. */
interface PlannedReads extends Coalesced {
  /** Of the regions, in the order in which `cut` returns them. */
  readonly names: readonly string[];
}

/** What a guard of the batch stands for. */
type GuardRole =
  | { readonly of: 'identity' }
  | { readonly of: 'plan' }
  | { readonly of: 'effect'; readonly effect: number };

export interface PlannedBatch {
  readonly steps: readonly Step[];
  readonly effects: readonly WriteEffect[];
  readonly reads: PlannedReads;
  readonly roles: ReadonlyMap<number, GuardRole>;
}

export type BatchVerdict =
  | { readonly kind: 'seen'; readonly snapshot: Snapshot }
  /** The bytes that name the game are other ones now. */
  | { readonly kind: 'identity' }
  /** One of the plan's own guards did not hold. */
  | { readonly kind: 'plan' };

/** Most modules plan the same regions at every tick, as the same object. */
const knownReads = new WeakMap<ReadPlan['regions'], PlannedReads>();

const readsOf = (regions: ReadPlan['regions']): PlannedReads => {
  const known = knownReads.get(regions) ?? { names: Object.keys(regions), ...coalesce(Object.values(regions)) };
  knownReads.set(regions, known);
  return known;
};

const readStep = ({ domain, offset, size }: Region): ReadStep => ({ kind: 'read', at: { domain, offset }, size });
const guardStep = (guard: Guard): GuardStep => ({ kind: 'guard', ...guard });

/**
 * One batch per tick: guards of identity and plan, merged reads, then the writes decided on one tick earlier. Reads stand
 * before the writes' guards, so that a refused write still yields them and a write costs no frame of its own.
 */
export const planBatch = ({ identity, plan, effects, reguard }: BatchRequest): PlannedBatch => {
  const reads = readsOf(plan.regions);
  const steps: Step[] = [];
  const roles = new Map<number, GuardRole>();
  const guard = (guards: readonly Guard[], role: GuardRole): void => {
    for (const each of guards) {
      roles.set(steps.length, role);
      steps.push(guardStep(each));
    }
  };
  const guardAll = (): void => {
    guard(identity, { of: 'identity' });
    guard(plan.guards ?? [], { of: 'plan' });
  };
  guardAll();
  for (const run of reads.runs) steps.push(readStep(run));
  if (reguard) guardAll();
  effects.forEach((effect, index) => {
    guard(effect.guards, { of: 'effect', effect: index });
    steps.push(...effect.writes.map((write) => ({ kind: 'write', ...write }) as const));
  });
  return { steps, effects, reads, roles };
};

const cutSnapshot = ({ names, cut }: PlannedReads, bytes: readonly Uint8Array[]): Snapshot => {
  const pieces = cut(bytes);
  return Object.fromEntries(names.map((name, index) => [name, pieces[index] ?? new Uint8Array(0)]));
};

/** What a batch's answer means. */
export const judgeBatch = (
  { reads, roles }: PlannedBatch,
  result: BatchResult,
): { readonly verdict: BatchVerdict; readonly refused: number } => {
  const seen = (): BatchVerdict => ({ kind: 'seen', snapshot: cutSnapshot(reads, result.reads) });
  if (result.ok) return { verdict: seen(), refused: Number.POSITIVE_INFINITY };
  const role = roles.get(result.failedGuard);
  if (role?.of === 'effect') return { verdict: seen(), refused: role.effect };
  return { verdict: { kind: role?.of ?? 'identity' }, refused: -1 };
};

/** `refused`: position of the effect whose guard did not hold; -1 when the batch stopped before all of them. */
export const outcomesOf = (effects: readonly WriteEffect[], refused: number): readonly WriteOutcome[] =>
  effects.map(({ label }, index) => {
    if (index < refused) return { label, outcome: 'applied' };
    return { label, outcome: index === refused ? 'refused' : 'skipped' };
  });
