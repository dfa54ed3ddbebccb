import { describe, expect, it } from 'vitest';
import { WAYS } from './connection.js';
import { MODELS } from './delivery-model.js';
import { FAULT_NAMES } from './faults.js';
import { playSchedules, scheduleCount } from './schedules.js';

/** Devices with `atomicBatch`: every model survives every fault, in any mixture and at any moment. */
describe('exactly once on a device with atomic batches', () => {
  const count = scheduleCount(1540, MODELS.length);
  it.each(MODELS)(
    '%s',
    async (model) => {
      expect(await playSchedules({ model, way: WAYS.atomic, faults: FAULT_NAMES }, count)).toEqual([]);
    },
    600_000,
  );
});
