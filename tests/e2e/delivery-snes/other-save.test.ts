import { createRetroArchDriver } from '@causeway/sni-bridge/retroarch';
import { startServer } from '@causeway/testbed/server';
import { buildCartridge, STATE } from '@causeway/testbed/snes-game';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { Play } from '../delivery/play.js';
import { type Stamp, twoSlotRoom } from '../delivery/test-game.js';
import { RETROARCH_PROBE } from '../retroarch/retroarch.js';
import { Marsh } from './marsh.js';
import { marshlight } from './marshlight.js';
import { SwappedCartridge } from './swapped-cartridge.js';

const GAME = marshlight('lorom');
const [FIRST, SECOND, THIRD] = GAME.gifts;
const copyFor = (stamp: Stamp): Uint8Array => buildCartridge({ ...stamp, mapping: 'lorom' });

describe.skipIf(!toolAvailable('retroarch', RETROARCH_PROBE))('the save of another copy in the real RetroArch', () => {
  it('sends nothing to the room and gets nothing from it; the next new game gets everything', async () => {
    await using cartridge = await SwappedCartridge.start(copyFor({ slotName: 'Ana', seed: 'last week' }));
    {
      await using server = await startServer({ room: twoSlotRoom(GAME, 'last week') });
      const driver = createRetroArchDriver();
      await using play = new Play({ game: GAME, server, slotName: 'Ana', driver, device: cartridge.uri });
      await play.joined();
      play.give(FIRST);
      await play.taken(play.give(SECOND));
      await using marsh = await Marsh.of(cartridge.uri);
      await marsh.command('open', 0);
      await play.until(({ event }) => event === 'location.checked', 'The check');
    }
    await cartridge.swap(copyFor({ slotName: 'Ana', seed: 'today' }));
    await using server = await startServer({ room: twoSlotRoom(GAME, 'today') });
    const driver = createRetroArchDriver();
    await using play = new Play({ game: GAME, server, slotName: 'Ana', driver, device: cartridge.uri });
    await play.joined();
    for (const item of [THIRD, FIRST, SECOND]) play.give(item);
    const told = await play.until(({ event }) => event === 'save.mismatch', 'A word about the save');
    expect(told).toMatchObject({ cause: 'mark', mark: { slotName: 'Ana', seed: 'last week' } });
    await play.until((event) => event.event === 'item.received' && event.index === 2, 'The items');

    await using marsh = await Marsh.of(cartridge.uri);
    const slot = server.room.slotNamed('Ana')!.slot;
    expect([await marsh.get(STATE.taken), await marsh.get(STATE.mailFull)]).toEqual([2, 0]);
    expect(server.room.checked(slot)).toEqual([]);

    const mark = play.mark;
    await marsh.command('wipe');
    await play.taken(play.sent.length, mark);
    expect(await play.bag()).toEqual(play.sent);
    expect(server.room.checked(slot)).toEqual([]);
    await marsh.command('open', 1);
    expect(await play.unreported()).toEqual([]);
    expect(server.room.checked(slot)).toHaveLength(1);
  });
});
