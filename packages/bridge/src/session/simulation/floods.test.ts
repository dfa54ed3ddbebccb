import { describe, expect, it } from 'vitest';
import { WAYS } from './connection.js';
import { MODELS } from './delivery-model.js';
import type { Fault } from './faults.js';
import { FLOOD_NAMES } from './floods.js';
import { firstFailure, playSchedules, scheduleCount } from './schedules.js';
import { heldCount } from './simulate.js';

/** Faults that leave the game's memory alone, so that what stands in it is the flood's doing. */
const FAULTS: readonly [Fault, ...Fault[]] = [
  'link dropped',
  'request lost',
  'answer lost',
  'paused',
  'server connection dropped',
  'server answers late',
];

const CASES = FLOOD_NAMES.flatMap((flood) => MODELS.map((model) => [flood, model] as const));

/** Nothing of it reaches the server, and once the player's own memory is back the game is finished as ever, unasked. */
describe('floods of checks nobody made', () => {
  const count = scheduleCount(350, CASES.length);
  it.each(CASES)(
    '%s, %s',
    async (flood, model) => {
      heldCount.value = 0;
      expect(await playSchedules({ model, way: WAYS.atomic, faults: FAULTS, flood }, count)).toEqual([]);
      expect(heldCount.value).toBeGreaterThan(0);
    },
    120_000,
  );

  it.each(FLOOD_NAMES)('%s: reach the server without the brake', async (flood) => {
    const model = 'numbered mailbox advanced by the game';
    const failure = await firstFailure({ model, way: WAYS.atomic, faults: FAULTS, flood, releaseHeld: true }, 50);
    expect(failure?.kind).toBe('invented');
  });
});
