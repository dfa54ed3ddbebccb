import { createRetroArchDriver } from '@causeway/sni-bridge/retroarch';
import { startServer } from '@causeway/testbed/server';
import { buildCartridge, type CartridgeMapping, STATE } from '@causeway/testbed/snes-game';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { Play } from '../delivery/play.js';
import { twoSlotRoom } from '../delivery/test-game.js';
import { RETROARCH_PROBE, RetroArchConsole } from '../retroarch/retroarch.js';
import { Marsh } from './marsh.js';
import { marshlight } from './marshlight.js';

const GAME = marshlight('lorom');
const SEED = 'death-link';

describe.skipIf(!toolAvailable('retroarch', RETROARCH_PROBE))('shared deaths in two real RetroArchs', () => {
  it('kill the other, once each, and do not come back', async () => {
    const start = (mapping: CartridgeMapping, slotName: string): Promise<RetroArchConsole> =>
      RetroArchConsole.start(buildCartridge({ mapping, slotName, seed: SEED, deathLink: true }));
    await using mine = await start('lorom', 'Ana');
    await using other = await start('hirom', 'Ben');
    await using server = await startServer({ room: twoSlotRoom(GAME, SEED) });
    const player = (slotName: string, { uri }: RetroArchConsole): Play =>
      new Play({ game: GAME, server, slotName, driver: createRetroArchDriver(), device: uri });
    await using ana = player('Ana', mine);
    await using ben = player('Ben', other);
    await Promise.all([ana.joined(), ben.joined()]);
    await using anas = await Marsh.of(mine.uri);
    await using bens = await Marsh.of(other.uri);
    // An item taken says that the bridge is watching.
    await Promise.all([ana.taken(ana.give(GAME.gifts[0])), ben.taken(ben.give(GAME.gifts[0]))]);

    await anas.command('die');
    await bens.until(STATE.deaths, 1);
    // Whatever was still on its way would be there before the next item: nobody takes one while dead.
    await Promise.all([ana.taken(ana.give(GAME.gifts[1])), ben.taken(ben.give(GAME.gifts[1]))]);
    expect([await anas.get(STATE.deaths), await bens.get(STATE.deaths)]).toEqual([1, 1]);
  });
});
