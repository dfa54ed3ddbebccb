import { describe, expect, it } from 'vitest';
import { MODELS, type Model } from '../../packages/bridge/src/session/simulation/delivery-model.js';
import { FAULT_NAMES } from '../../packages/bridge/src/session/simulation/faults.js';
import { firstFailure, playSchedules, scheduleCount } from '../../packages/bridge/src/session/simulation/schedules.js';
import { survivedWhenTorn } from '../../packages/bridge/src/session/simulation/torn-limits.js';
import { connectRetroArch } from './simulated-retroarch.js';

const WAY = { suite: 'tests/simulation/datagrams', connect: connectRetroArch } as const;
/** Models that need nothing of the device. */
const IMMUNE: readonly Model[] = MODELS.filter((model) => survivedWhenTorn(model).length === FAULT_NAMES.length);

/** The driver that ships, the session and a game, on a network that loses, doubles, delays and reorders datagrams all the time. */
describe('exactly once over datagrams, whatever happens', () => {
  const count = scheduleCount(160, IMMUNE.length);
  it.each(IMMUNE)(
    '%s',
    async (model) => {
      expect(await playSchedules({ model, way: WAY, faults: FAULT_NAMES }, count)).toEqual([]);
    },
    600_000,
  );

  it('a delivery without its guard is caught', async () => {
    const schedule = { model: 'mailbox advanced by the game', way: WAY, faults: FAULT_NAMES } as const;
    expect(await firstFailure({ ...schedule, mutation: 'no counter guard' }, 200)).toBeDefined();
  }, 600_000);
});
