import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { createDolphinDriver } from '@causeway/dolphin-bridge';
import { STATE } from '@causeway/testbed/dolphin-game';
import { type MultiworldServer, startServer } from '@causeway/testbed/server';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { Play } from '../delivery/play.js';
import { twoSlotRoom } from '../delivery/test-game.js';
import { DOLPHIN_WINDOW_PROBE, Dolphin } from '../dolphin/dolphin.js';
import { GuestMemory } from '../dolphin/guest-memory.js';
import { GAMECUBE_IMAGES, rillgate } from '../dolphin/rillgate.js';
import { until } from '../dolphin/until.js';
import { startVirtualDisplay, type VirtualDisplay } from '../fceux/virtual-display.js';

const SEED = 'other-copy';
const GAME = rillgate(GAMECUBE_IMAGES);
const copyFor = (slotName: string): Uint8Array =>
  GAMECUBE_IMAGES['numbered mailbox, counted by the game']({ slotName, seed: SEED });

const itemsIn = async (dolphin: Dolphin): Promise<readonly number[]> => {
  using memory = GuestMemory.of(dolphin.pid);
  return GAME.readProgress((region) => memory.bytes(region)).items;
};

const sentTo = (server: MultiworldServer, slotName: string): readonly number[] =>
  server.room.items(server.room.slotNamed(slotName)!.slot).map(({ item }) => item);

/** A state of Ben's game, made in a Dolphin of his own, put where Ana's would lie. */
const leaveStateOfBen = async (display: VirtualDisplay, folder: string): Promise<void> => {
  await using ben = await Dolphin.start({ program: copyFor('Ben'), display });
  using memory = GuestMemory.of(ben.pid);
  await memory.inGame();
  await ben.press('shift+F1');
  await ben.savedState();
  await ben.quit();
  await cp(join(ben.folder, 'StateSaves'), join(folder, 'StateSaves'), { recursive: true });
};

const exchange = {
  'started again with another copy': async (dolphin: Dolphin) => {
    await dolphin.quit();
    await dolphin.load(copyFor('Ben'));
    await dolphin.launch();
  },
  'whose memory becomes that of another copy, in place': async (dolphin: Dolphin, display: VirtualDisplay) => {
    await leaveStateOfBen(display, dolphin.folder);
    using memory = GuestMemory.of(dolphin.pid);
    const before = memory.get(STATE.saveId);
    await dolphin.press('F1');
    await until(() => memory.get(STATE.saveId) !== before, 'The other copy');
  },
};

describe.skipIf(!toolAvailable('dolphin', DOLPHIN_WINDOW_PROBE))('a real Dolphin', () => {
  it.each(Object.entries(exchange))('%s: nobody gets the other one’s items', async (_, swap) => {
    await using display = await startVirtualDisplay();
    await using dolphin = await Dolphin.start({ program: copyFor('Ana'), display });
    await using server = await startServer({ room: twoSlotRoom(GAME, SEED) });
    const driver = createDolphinDriver();
    await using play = new Play({
      game: GAME,
      server,
      slotName: 'Ana',
      driver: { ...driver, open: (_target, options) => driver.open(dolphin.uri, options) },
    });
    await play.joined();
    const [pebble, pear, boots] = GAME.gifts;
    await play.taken(play.give(pebble));
    const mark = play.mark;
    for (const item of [pear, boots, pear, boots]) play.give(item);
    await swap(dolphin, display);
    for (const item of [boots, pebble, boots]) server.console(`/send Ben ${item}`);
    await play.until((event) => event.event === 'game.selected' && /Ben/.test(event.title), 'The other copy', mark);
    await until(() => sentTo(server, 'Ben').length >= 3, 'The items for Ben');
    const last = (): number => sentTo(server, 'Ben').length - 1;
    await play.until(
      (event) => event.event === 'item.delivered' && event.index === last(),
      'The last item of Ben',
      mark,
    );
    expect(await itemsIn(dolphin)).toEqual(sentTo(server, 'Ben'));
  });
});
