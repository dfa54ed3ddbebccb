import { WAYS } from './connection.js';
import { MODELS, type Model } from './delivery-model.js';
import { FAULT_NAMES, type Fault } from './faults.js';
import { simulate, type Violation } from './simulate.js';
import limits from './torn-limits.json' with { type: 'json' };

/** What can go wrong where no client could help it, with a seed that shows it. */
export interface TornLimit {
  readonly model: Model;
  readonly fault: Fault;
  readonly violation: Violation['kind'];
  readonly seed: number;
}

/**
 * The pairs of model and fault in which a device that tears batches breaks exactly once. Found by the simulation, not
 * chosen: `CAUSEWAY_UPDATE=limits npx vitest run tests/fault-matrix` looks for them anew.
 */
export const TORN_LIMITS = limits as readonly TornLimit[];

/** The faults a model survives on a device that tears batches. */
export const survivedWhenTorn = (model: Model): readonly Fault[] =>
  FAULT_NAMES.filter((fault) => !TORN_LIMITS.some((limit) => limit.model === model && limit.fault === fault));

const findLimit = async (model: Model, fault: Fault, schedules: number): Promise<TornLimit | undefined> => {
  for (let seed = 1; seed <= schedules; seed++) {
    const violation = await simulate({ seed, model, way: WAYS.torn, faults: [fault] });
    if (violation) return { model, fault, violation: violation.kind, seed };
  }
  return undefined;
};

/** Looks for limits in up to `schedules` schedules per pair. */
export const findTornLimits = async (schedules: number): Promise<readonly TornLimit[]> => {
  const found: TornLimit[] = [];
  for (const model of MODELS) {
    for (const fault of FAULT_NAMES) {
      const limit = await findLimit(model, fault, schedules);
      if (limit) found.push(limit);
    }
  }
  return found;
};
