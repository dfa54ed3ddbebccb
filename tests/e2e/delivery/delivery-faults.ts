import { type MultiworldServer, startServer } from '@causeway/testbed/server';
import { describe, expect, it } from 'vitest';
import { casesOfSuite } from '../../fault-matrix/emulator-cases.js';
import { Play } from './play.js';
import {
  type LinkFault,
  LOSSES,
  type SceneName,
  type TestConsole,
  type TestLink,
  type TestSetup,
} from './test-console.js';
import { type Stamp, type TestGame, twoSlotRoom } from './test-game.js';

const SEED = 'fault-matrix';

interface Stage {
  readonly game: TestGame;
  readonly console: TestConsole;
  readonly server: MultiworldServer;
  /** What stands between bridge and console, where there is something one can cut. */
  readonly link: TestLink | undefined;
  readonly play: Play;
}

type Image = (stamp: Stamp) => Uint8Array;

const onStage = async (setup: TestSetup, image: Image, scene: (stage: Stage) => Promise<void>): Promise<void> => {
  const { game, createDriver } = setup;
  await using console = await setup.start(image({ slotName: 'Ana', seed: SEED }));
  await using server = await startServer({ room: twoSlotRoom(game, SEED) });
  await using link = await setup.link?.(console);
  const device = link?.uri ?? console.uri;
  await using play = new Play({ game, server, slotName: 'Ana', driver: createDriver(), device });
  await play.joined();
  await scene({ game, console, server, link, play });
};

/** One more item after the trouble: when it was taken, everything before it was, and the game's own bag says what that is. */
const expectExactlyOnce = async ({ play, game }: Stage): Promise<void> => {
  const mark = play.mark;
  await play.taken(play.give(game.gifts[2]), mark);
  expect(await play.bag()).toEqual(play.sent);
  expect(await play.unreported()).toEqual([]);
};

/** Two items are in the bag, three more are on their way. */
const itemsUnderWay = async ({ play, game: { gifts } }: Stage): Promise<void> => {
  await play.taken([play.give(gifts[0]), play.give(gifts[1])].length);
  for (const item of [gifts[2], gifts[0], gifts[1]]) play.give(item);
};

/** What goes wrong, and the words of the fault matrix for it. */
const FAULTS = {
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
  paused: async ({ console, play, game }) => {
    await console.pause();
    play.give(game.gifts[0]);
    await play.until((event) => event.event === 'item.received' && event.index === 5, 'An item while paused');
    await console.resume();
  },
  'link dropped': async ({ link }) => link?.cut(),
  'server connection dropped': async ({ server }) => server.faults.cut(),
  'server answers late': async ({ server }) => {
    server.faults.delayMs = 200;
  },
  'emulator and server lost together': async ({ console, server }) => {
    await console.kill();
    server.faults.cut();
    await console.start();
  },
} as const satisfies Readonly<Partial<Record<SceneName, (stage: Stage) => Promise<void>>>>;

const loadsState = async ({ console, play, game: { gifts } }: Stage): Promise<void> => {
  await play.taken([play.give(gifts[0]), play.give(gifts[1])].length);
  await console.saveState();
  const mark = play.mark;
  await play.taken([play.give(gifts[2]), play.give(gifts[0])].length + 2, mark);
  for (const item of [gifts[1], gifts[0]]) play.give(item);
  await console.loadState();
  await play.until(({ event }) => event === 'delivery.rewound', 'Going back', mark);
};

const strikesWrite =
  (fault: LinkFault) =>
  async ({ play, link, game: { gifts } }: Stage): Promise<void> => {
    await play.taken(play.give(gifts[0]));
    const struck = link?.arm(fault);
    for (const item of [gifts[2], gifts[0], gifts[1]]) play.give(item);
    await struck;
  };

const playTwo = async ({ game, start, createDriver }: TestSetup, image: Image): Promise<void> => {
  await using server = await startServer({ room: twoSlotRoom(game, SEED) });
  await using mine = await start(image({ slotName: 'Ana', seed: SEED }));
  await using other = await start(image({ slotName: 'Ben', seed: SEED }));
  const player = (slotName: string, console: TestConsole): Play =>
    new Play({ game, server, slotName, driver: createDriver(), device: console.uri });
  await using ana = player('Ana', mine);
  await using ben = player('Ben', other);
  await Promise.all([ana.joined(), ben.joined()]);
  const [first, second, third] = game.gifts;
  for (const item of [third, second, first]) ana.give(item);
  for (const item of [second, third]) ben.give(item);
  await Promise.all([ana.taken(3), ben.taken(2)]);
  for (const [play, given] of [
    [ana, 3],
    [ben, 2],
  ] as const) {
    const items = await play.bag();
    // The other hero may find another item for this one at any time.
    expect(items).toEqual(play.sent.slice(0, items.length));
    expect(items.length).toBeGreaterThanOrEqual(given);
    expect(await play.unreported()).toEqual([]);
  }
};

const STATE = 'save state loaded';
const TWO = 'two emulators at once';

/** What this console can be put through. */
const scenesOf = ({ cannot = {}, link, linkFaults = LOSSES }: TestSetup) => {
  const can = (name: SceneName): boolean =>
    cannot[name] === undefined && (name !== 'link dropped' || link !== undefined);
  return {
    faults: Object.entries(FAULTS).filter(([name]) => can(name as SceneName)),
    losses: link ? linkFaults : [],
    state: can(STATE),
    two: can(TWO),
  };
};

const describeDelivery = (setup: TestSetup, image: Image): void => {
  const { faults, losses, state, two } = scenesOf(setup);
  it.each(faults)('exactly once through: %s', (_, strike) =>
    onStage(setup, image, async (stage) => {
      await itemsUnderWay(stage);
      await strike(stage);
      await expectExactlyOnce(stage);
    }),
  );

  if (state) {
    it('exactly once when a save state made before a delivery is loaded after it', () =>
      onStage(setup, image, async (stage) => {
        await loadsState(stage);
        await expectExactlyOnce(stage);
      }));
  }

  it.each(losses)('exactly once whatever becomes of a write on its way: %s', (fault) =>
    onStage(setup, image, async (stage) => {
      await strikesWrite(fault)(stage);
      await expectExactlyOnce(stage);
    }),
  );

  if (two) it('two emulators at once, each bridge on its own', () => playTwo(setup, image));
};

/** Faults while items are on their way, in one emulator, for every way in which its game takes items. */
export const describeDeliveryFaults = (setup: TestSetup): void => {
  const { emulator, game } = setup;
  describe.each(Object.entries(game.images))(`${emulator}, %s`, (_, image) => describeDelivery(setup, image));

  it(`${emulator}: all that the fault matrix says is played, and nothing else`, () => {
    const { faults, losses, state, two } = scenesOf(setup);
    const played = [
      ...faults.map(([name]) => name),
      ...losses,
      ...(state ? [STATE] : []),
      ...(two ? [`${TWO}, each with its own bridge`] : []),
    ];
    expect(played.sort()).toEqual(casesOfSuite(emulator));
  });
};
