import { describe, expect, it } from 'vitest';
import { MODELS } from './delivery-model.js';
import type { Fault } from './faults.js';
import { playSchedules, scheduleCount } from './schedules.js';
import { simulate } from './simulate.js';
import { survivedWhenTorn, TORN_LIMITS } from './torn-limits.js';

describe('exactly once on a device that tears batches, where it is possible', () => {
  const count = scheduleCount(700, MODELS.length);
  it.each(MODELS)(
    '%s',
    async (model) => {
      const faults = survivedWhenTorn(model) as [Fault, ...Fault[]];
      expect(faults.length).toBeGreaterThan(0);
      expect(await playSchedules({ model, atomic: false, faults }, count)).toEqual([]);
    },
    600_000,
  );
});

/** The other cells of the fault matrix are no excuse: each names a schedule in which it really happens. */
describe('limits of a device that tears batches', () => {
  it.each(TORN_LIMITS)('$model, $fault: $violation', async ({ model, fault, violation, seed }) => {
    expect((await simulate({ seed, model, atomic: false, faults: [fault] }))?.kind).toBe(violation);
  });
});
