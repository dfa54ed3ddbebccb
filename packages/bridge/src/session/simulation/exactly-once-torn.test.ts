import { describe, expect, it } from 'vitest';
import { WAYS } from './connection.js';
import { MODELS, type Model } from './delivery-model.js';
import { FAULT_NAMES } from './faults.js';
import { playSchedules, scheduleCount } from './schedules.js';
import { simulate } from './simulate.js';
import { survivedWhenTorn, TORN_LIMITS } from './torn-limits.js';

/** Models that need nothing of the device: every fault, in any mixture and at any moment. */
const IMMUNE: readonly Model[] = MODELS.filter((model) => survivedWhenTorn(model).length === FAULT_NAMES.length);

/** The others: each fault they survive, by itself. */
const SURVIVED = MODELS.filter((model) => !IMMUNE.includes(model)).flatMap((model) =>
  survivedWhenTorn(model).map((fault) => ({ model, fault })),
);

describe('exactly once on a device that tears batches, whatever happens', () => {
  const count = scheduleCount(300, IMMUNE.length);
  it.each(IMMUNE)(
    '%s',
    async (model) => {
      expect(await playSchedules({ model, way: WAYS.torn, faults: FAULT_NAMES }, count)).toEqual([]);
    },
    600_000,
  );
});

describe('exactly once on a device that tears batches, fault by fault', () => {
  const count = scheduleCount(400, SURVIVED.length);
  it.each(SURVIVED)(
    '$model, $fault',
    async ({ model, fault }) => {
      expect(await playSchedules({ model, way: WAYS.torn, faults: [fault] }, count)).toEqual([]);
    },
    600_000,
  );
});

/** The other cells of the fault matrix are no excuse: each names a schedule in which it really happens. */
describe('limits of a device that tears batches', () => {
  it.each(TORN_LIMITS)('$model, $fault: $violation', async ({ model, fault, violation, seed }) => {
    expect((await simulate({ seed, model, way: WAYS.torn, faults: [fault] }))?.kind).toBe(violation);
  });

  it('are none for the models that need nothing of the device', () => {
    expect(IMMUNE).toEqual(['numbered mailbox advanced by the game', 'projection']);
  });
});
