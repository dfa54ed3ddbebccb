import { describe, expect, it } from 'vitest';
import { WAYS } from './connection.js';
import { MODELS, type Model } from './delivery-model.js';
import { FAULT_NAMES, type Fault } from './faults.js';
import { firstFailure, playSchedules, scheduleCount } from './schedules.js';
import { survivedWhenTorn } from './torn-limits.js';

/** What cannot happen where there is no link on which a request could be late. */
const IMPOSSIBLE: readonly Fault[] = ['request carried out late', 'request carried out twice'];
const POSSIBLE = FAULT_NAMES.filter((fault) => !IMPOSSIBLE.includes(fault)) as [Fault, ...Fault[]];

const IMMUNE: readonly Model[] = MODELS.filter((model) => survivedWhenTorn(model).length === FAULT_NAMES.length);
const SURVIVED = MODELS.filter((model) => !IMMUNE.includes(model)).flatMap((model) =>
  survivedWhenTorn(model)
    .filter((fault) => POSSIBLE.includes(fault))
    .map((fault) => ({ model, fault })),
);

describe('exactly once in the memory of a game that runs on, whatever happens', () => {
  const count = scheduleCount(300, IMMUNE.length);
  it.each(IMMUNE)(
    '%s',
    async (model) => {
      expect(await playSchedules({ model, way: WAYS.sharedMemory, faults: POSSIBLE }, count)).toEqual([]);
    },
    600_000,
  );
});

describe('exactly once in the memory of a game that runs on, fault by fault', () => {
  const count = scheduleCount(400, SURVIVED.length);
  it.each(SURVIVED)(
    '$model, $fault',
    async ({ model, fault }) => {
      expect(await playSchedules({ model, way: WAYS.sharedMemory, faults: [fault] }, count)).toEqual([]);
    },
    600_000,
  );
});

/** The simulation can see what goes wrong: what no client could help, and a client that does not look. */
describe('limits of memory of a game that runs on', () => {
  it.each([
    ['mailbox advanced by the game', 'save state loaded'],
    ['direct effects', 'link dropped'],
  ] as const)('%s, %s', async (model, fault) => {
    expect(await firstFailure({ model, way: WAYS.sharedMemory, faults: [fault] }, 200)).toBeDefined();
  });

  it('caught: a delivery without its guard', async () => {
    const schedule = { way: WAYS.sharedMemory, faults: POSSIBLE, mutation: 'no counter guard' } as const;
    expect(await firstFailure({ ...schedule, model: 'mailbox advanced by the game' }, 400)).toBeDefined();
  });
});
