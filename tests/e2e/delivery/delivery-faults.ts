import { type DeliveryModel, readGameRom, stampRom } from '@causeway/testbed/game';
import { type MultiworldServer, startServer } from '@causeway/testbed/server';
import { describe, expect, it } from 'vitest';
import { type LinkFault, LinkProxy } from './link-proxy.js';
import { Play } from './play.js';
import type { ConsoleFactory, TestConsole } from './test-console.js';
import { twoSlotRoom } from './two-slot-room.js';

const SEED = 'fault-matrix';

interface Stage {
  readonly console: TestConsole;
  readonly server: MultiworldServer;
  readonly proxy: LinkProxy;
  readonly play: Play;
}

const stampFor = (slotName: string, delivery: DeliveryModel): Uint8Array =>
  stampRom(readGameRom(), { slotName, seed: SEED, delivery });

const onStage = async (
  start: ConsoleFactory,
  delivery: DeliveryModel,
  scene: (stage: Stage) => Promise<void>,
): Promise<void> => {
  await using console = await start(stampFor('Ana', delivery));
  await using server = await startServer({ room: twoSlotRoom(SEED) });
  await using proxy = await LinkProxy.to(console.port);
  await using play = new Play(server, 'Ana', proxy.port);
  await play.joined();
  await scene({ console, server, proxy, play });
};

/** One more item after the trouble: when it was taken, everything before it was, and the game's own bag says what that is. */
const expectExactlyOnce = async ({ play }: Stage): Promise<void> => {
  const mark = play.mark;
  await play.taken(play.give('Ember'), mark);
  const { items } = await play.progress();
  expect(items).toEqual(play.sent);
  expect(await play.unreported()).toEqual([]);
};

/** Two items are in the bag, three more are on their way. */
const itemsUnderWay = async ({ play }: Stage): Promise<void> => {
  await play.taken([play.give('Coin'), play.give('Apple')].length);
  for (const item of ['Feather', 'Coin', 'Apple']) play.give(item);
};

/** What goes wrong, and the words of the fault matrix for it. */
const FAULTS: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  'soft reset': ({ console }) => console.softReset(),
  'power cycle': ({ console }) => console.powerCycle(),
  'emulator quit and started again': async ({ console }) => {
    await console.quit();
    await console.start();
  },
  'emulator killed, battery RAM of the last flush': async ({ console }) => {
    await console.kill();
    await console.start();
  },
  paused: async ({ console, play }) => {
    await console.pause();
    play.give('Coin');
    await play.until((event) => event.event === 'item.received' && event.index === 5, 'An item while paused');
    await console.resume();
  },
  'link dropped': async ({ proxy }) => proxy.cut(),
  'server connection dropped': async ({ server }) => server.faults.cut(),
  'server answers late': async ({ server }) => {
    server.faults.delayMs = 200;
  },
  'emulator and server lost together': async ({ console, server }) => {
    await console.kill();
    server.faults.cut();
    await console.start();
  },
};

const loadsState = async (stage: Stage): Promise<void> => {
  const { console, play } = stage;
  await play.taken([play.give('Coin'), play.give('Apple')].length);
  await console.saveState();
  const mark = play.mark;
  await play.taken([play.give('Feather'), play.give('Coin')].length + 2, mark);
  for (const item of ['Apple', 'Coin']) play.give(item);
  await console.loadState();
  await play.until(({ event }) => event === 'delivery.rewound', 'Going back', mark);
};

const losesLink =
  (fault: LinkFault) =>
  async ({ play, proxy }: Stage): Promise<void> => {
    await play.taken(play.give('Coin'));
    const struck = proxy.arm(fault);
    for (const item of ['Feather', 'Coin', 'Apple']) play.give(item);
    await struck;
  };

/** Faults while items are on their way, in one emulator, for every way in which our game takes items. */
export const describeDeliveryFaults = (emulator: string, start: ConsoleFactory): void => {
  describe.each(['game', 'client'] as const)(`${emulator}, counter advanced by the %s`, (delivery) => {
    it.each(Object.entries(FAULTS))('exactly once through: %s', (_, strike) =>
      onStage(start, delivery, async (stage) => {
        await itemsUnderWay(stage);
        await strike(stage);
        await expectExactlyOnce(stage);
      }),
    );

    it('exactly once when a save state made before a delivery is loaded after it', () =>
      onStage(start, delivery, async (stage) => {
        await loadsState(stage);
        await expectExactlyOnce(stage);
      }));

    it.each(['request lost', 'answer lost'] as const)('exactly once when the link breaks around a write: %s', (fault) =>
      onStage(start, delivery, async (stage) => {
        await losesLink(fault)(stage);
        await expectExactlyOnce(stage);
      }),
    );

    it('two emulators at once, each bridge on its own', async () => {
      await using server = await startServer({ room: twoSlotRoom(SEED) });
      await using mine = await start(stampFor('Ana', delivery));
      await using other = await start(stampFor('Ben', delivery));
      await using ana = new Play(server, 'Ana', mine.port);
      await using ben = new Play(server, 'Ben', other.port);
      await Promise.all([ana.joined(), ben.joined()]);
      for (const item of ['Feather', 'Ember', 'Apple']) ana.give(item);
      for (const item of ['Ember', 'Ward']) ben.give(item);
      await Promise.all([ana.taken(3), ben.taken(2)]);
      for (const play of [ana, ben]) {
        const { items } = await play.progress();
        expect(items).toEqual(play.sent.slice(0, items.length));
        expect(await play.unreported()).toEqual([]);
      }
    });
  });
};
