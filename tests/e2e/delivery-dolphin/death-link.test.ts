import { createDolphinDriver } from '@causeway/dolphin-bridge';
import { readDolphinProgram, STATE, stampProgram } from '@causeway/testbed/dolphin-game';
import { startServer } from '@causeway/testbed/server';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { Play } from '../delivery/play.js';
import { twoSlotRoom } from '../delivery/test-game.js';
import { DOLPHIN_PROBE, Dolphin } from '../dolphin/dolphin.js';
import { GuestMemory } from '../dolphin/guest-memory.js';
import { GAMECUBE_IMAGES, rillgate } from '../dolphin/rillgate.js';
import { until } from '../dolphin/until.js';

const GAME = rillgate(GAMECUBE_IMAGES);
const SEED = 'death-link';

describe.skipIf(!toolAvailable('dolphin', DOLPHIN_PROBE))('shared deaths in two real Dolphins', () => {
  it('kill the other through its pointers, once each, and do not come back', async () => {
    const start = (build: 'gc' | 'wii', slotName: string) =>
      Dolphin.start({ program: stampProgram(readDolphinProgram(build), { slotName, seed: SEED, deathLink: true }) });
    await using mine = await start('gc', 'Ana');
    await using other = await start('wii', 'Ben');
    await using server = await startServer({ room: twoSlotRoom(GAME, SEED) });
    const player = (slotName: string, { uri }: Dolphin): Play =>
      new Play({ game: GAME, server, slotName, driver: createDolphinDriver(), device: uri });
    await using ana = player('Ana', mine);
    await using ben = player('Ben', other);
    await Promise.all([ana.joined(), ben.joined()]);
    using anas = GuestMemory.of(mine.pid);
    using bens = GuestMemory.of(other.pid);
    const deaths = (): readonly number[] => [anas.get(STATE.deaths), bens.get(STATE.deaths)];
    await Promise.all([anas.inGame(), bens.inGame()]);
    // An item taken says that the bridge is watching.
    await Promise.all([ana.taken(ana.give('Pear')), ben.taken(ben.give('Pear'))]);

    await anas.command('kill');
    await until(() => bens.get(STATE.deaths) === 1, "Ben's death");
    await Promise.all([anas.inGame(), bens.inGame()]);
    // Whatever was still on its way would be there before the next item.
    await Promise.all([ana.taken(ana.give('Boots')), ben.taken(ben.give('Boots'))]);
    expect(deaths()).toEqual([1, 1]);
  });
});
