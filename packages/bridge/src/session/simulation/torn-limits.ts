import type { Model } from './delivery-model.js';
import { FAULT_NAMES, type Fault } from './faults.js';
import limits from './torn-limits.json' with { type: 'json' };

/** What can go wrong where no client could help it, with a seed that shows it. */
export interface TornLimit {
  readonly model: Model;
  readonly fault: Fault;
  readonly violation: 'twice' | 'lost' | 'wrong';
  readonly seed: number;
}

/**
 * The pairs of model and fault in which a device that tears batches breaks exactly once. Found by the simulation, not
 * chosen: `CAUSEWAY_UPDATE=1` looks for them anew.
 */
export const TORN_LIMITS = limits as readonly TornLimit[];

/** The faults a model survives on a device that tears batches. */
export const survivedWhenTorn = (model: Model): readonly Fault[] =>
  FAULT_NAMES.filter((fault) => !TORN_LIMITS.some((limit) => limit.model === model && limit.fault === fault));
