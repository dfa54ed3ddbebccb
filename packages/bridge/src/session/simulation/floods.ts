import type { Random } from '../../clock.js';
import { between } from '../../testing/seeded-random.js';
import type { World } from './faults.js';
import { ALL_FLAGS, CELLS, GOAL, LOCATIONS, MODE } from './memory-map.js';

type Strike = (world: World) => void;

/** Chests that at least appear opened, so that no eye could take it for play. */
const AT_LEAST = 28;

const openChests = (ram: Uint8Array, random: Random, count: number): void => {
  const chests = Array.from({ length: LOCATIONS }, (_, chest) => chest);
  for (let left = count; left > 0; left--) {
    const [chest = 0] = chests.splice(between(random, 0, chests.length - 1), 1);
    const at = ALL_FLAGS.offset + (chest >> 3);
    ram[at] = (ram[at] ?? 0) | (1 << (chest & 7));
  }
};

const setCounter = (ram: Uint8Array, value: number): void => {
  ram[CELLS.counter.offset] = value & 0xff;
  ram[CELLS.counter.offset + 1] = value >> 8;
};

interface Intrusion {
  /** Whole frames, from and to, for which it stands. */
  readonly lasts: readonly [number, number];
  readonly chests: (random: Random) => number;
  readonly goal: (random: Random) => boolean;
  /** The counter of received items; absent where the player's own stays. */
  readonly counter?: (random: Random, items: number) => number;
}

const intrusion =
  ({ lasts, chests, goal, counter }: Intrusion): Strike =>
  ({ emulator, server, random }) => {
    const { console } = emulator;
    const { items } = server.slot(console.cartridge.slot);
    console.intrude((ram) => {
      ram[MODE.at] = MODE.playing;
      ram.fill(0, ALL_FLAGS.offset, ALL_FLAGS.offset + ALL_FLAGS.size);
      openChests(ram, random, chests(random));
      ram[GOAL.offset] = goal(random) ? 1 : 0;
      if (counter) setCounter(ram, counter(random, items.length));
    });
    emulator.soon(between(random, ...lasts), () => console.recover());
  };

/** What looks like checks and never was: memory in disorder, and saves of other games of the same ROM. */
export const FLOODS = {
  'garbage in memory': intrusion({
    lasts: [1, 12],
    chests: (random) => between(random, AT_LEAST, LOCATIONS),
    goal: (random) => random() < 0.5,
  }),
  'garbage in memory, counter included': intrusion({
    lasts: [1, 12],
    chests: (random) => between(random, AT_LEAST, LOCATIONS),
    goal: (random) => random() < 0.5,
    counter: (random) => between(random, 0, 0xffff),
  }),
  'finished save of another seed loaded': intrusion({
    lasts: [5, 200],
    chests: () => LOCATIONS,
    goal: () => true,
    counter: (random) => between(random, 40, 90),
  }),
  'state of a finished game loaded': intrusion({
    lasts: [5, 200],
    chests: () => LOCATIONS,
    goal: () => true,
    counter: (random, items) => between(random, 0, items),
  }),
  'save without history loaded': intrusion({
    lasts: [5, 200],
    chests: (random) => between(random, AT_LEAST, LOCATIONS),
    goal: () => false,
    counter: () => 0,
  }),
} as const satisfies Record<string, Strike>;

export type Flood = keyof typeof FLOODS;
export const FLOOD_NAMES = Object.keys(FLOODS) as [Flood, ...Flood[]];
