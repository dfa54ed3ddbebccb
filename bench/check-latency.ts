import { setTimeout as sleep } from 'node:timers/promises';
import { readRoom, startServer } from '@causeway/testbed/server';
import type { Bench, Figure } from './contract.js';
import { BENCH_GAME, FIRST_LOCATION } from './processes/bench-game.js';
import { Child } from './support/child.js';
import { sharedTime } from './support/shared-time.js';
import { median, tail } from './support/statistics.js';

const SLOTS = ['Causeway', 'Poller125', 'Poller500'] as const;
type Slot = (typeof SLOTS)[number];

/** Battery memory Emberwalk does not use. */
const FLAGS_OFFSET = 0x1000;
/** Many more than are ever checked within a second: the session holds back what looks like a flood. */
const LOCATIONS = 256;
const SEED = 20_240_601;

interface FlagSet {
  readonly frame: number;
  /** {@link sharedTime} at the end of that frame. */
  readonly at: number;
}

interface Latency {
  readonly ms: readonly number[];
  readonly frames: readonly number[];
  readonly exchangesPerFrame: number;
}

/** One game with a location per flag, one slot per client, and somebody else who gets all the items. */
const roomOf = () => {
  const names = Array.from({ length: LOCATIONS }, (_, flag) => `Flag ${flag}`);
  return readRoom(
    JSON.stringify({
      seed: 'bench-latency',
      games: {
        [BENCH_GAME]: {
          items: { Thing: 1 },
          locations: Object.fromEntries(names.map((name, flag) => [name, FIRST_LOCATION + flag])),
        },
      },
      slots: [
        ...SLOTS.map((name) => ({
          name,
          game: BENCH_GAME,
          locations: Object.fromEntries(names.map((location) => [location, { item: 'Thing', for: 'Nobody' }])),
        })),
        { name: 'Nobody', game: BENCH_GAME, locations: {} },
      ],
    }),
  );
};

/** Frames from the one in which the flag was set to the one that was being made, or was next, at the arrival. */
const framesUntil = (arrived: number, from: FlagSet, ends: readonly (number | null)[]): number => {
  let frames = 1;
  while ((ends[from.frame + frames] ?? Number.POSITIVE_INFINITY) < arrived) frames++;
  return frames;
};

const allArrived = async (set: readonly FlagSet[], client: Child, has: (flag: number) => boolean): Promise<void> => {
  const giveUp = sharedTime() + 10_000;
  while (!set.every((_, flag) => has(flag))) {
    if (sharedTime() > giveUp) {
      const missing = set.flatMap((_, flag) => (has(flag) ? [] : [flag]));
      throw new Error(`flags ${missing.join(', ')} were set and never reached the server\n${client.errors}`);
    }
    await sleep(20);
  }
};

const measure = async (count: number): Promise<Readonly<Record<Slot, Latency>>> => {
  const arrivals = new Map<string, number>();
  await using server = await startServer({
    room: roomOf(),
    onEvent: (event) => {
      if (event.kind === 'sent') arrivals.set(`${event.finderName} ${event.location - FIRST_LOCATION}`, sharedTime());
    },
  });
  await using emulator = Child.start('emulator');
  const { port } = await emulator.ask<{ port: number }>('start', { slotName: 'Bench', seed: '' });

  const one = async (slot: Slot, program: string, ...more: string[]): Promise<Latency> => {
    const offset = FLAGS_OFFSET + SLOTS.indexOf(slot) * (LOCATIONS / 8);
    const args = [port, `127.0.0.1:${server.port}`, slot, offset, LOCATIONS].map(String);
    await using client = Child.start(program, [...args, ...more]);
    await client.next('joined');
    // Until the client has settled into its rhythm.
    await sleep(2500);
    const asked = await client.ask<{ exchanges: number }>('exchanges');
    const { frame: begun } = await emulator.ask<{ frame: number }>('frames');
    const { set } = await emulator.ask<{ set: FlagSet[] }>('flags', { offset, count, seed: SEED });
    await allArrived(set, client, (flag) => arrivals.has(`${slot} ${flag}`));
    const done = await client.ask<{ exchanges: number }>('exchanges');
    const { frame, ends } = await emulator.ask<{ frame: number; ends: (number | null)[] }>('frames');
    const arrived = set.map((_, flag) => arrivals.get(`${slot} ${flag}`) ?? Number.NaN);
    return {
      ms: arrived.map((at, flag) => at - (set[flag]?.at ?? Number.NaN)),
      frames: set.map((from, flag) => framesUntil(arrived[flag] ?? Number.NaN, from, ends)),
      exchangesPerFrame: (done.exchanges - asked.exchanges) / (frame - begun),
    };
  };
  return {
    Causeway: await one('Causeway', 'bridge'),
    Poller125: await one('Poller125', 'reference-poller', '125'),
    Poller500: await one('Poller500', 'reference-poller', '500'),
  };
};

const compared = (ours: Latency, other: Latency, name: string, unit: 'ms' | 'frames'): Figure => ({
  what: 'flag set in the game until check at the server',
  unit,
  ours: median(ours[unit]),
  beside: { name, value: median(other[unit]) },
  samples: ours[unit].length,
  spread: tail(ours[unit]),
});

/** From the frame in which the game sets a flag to the check at the server. */
export const checkLatency: Bench = {
  name: 'check-latency',
  how: 'Emulator (NES, 60.0988 frames a second) and client in a process each; the poller asks as the reference client does, one exchange per question, and is ours in everything else.',
  run: async ({ smoke }) => {
    const { Causeway, Poller125, Poller500 } = await measure(smoke ? 8 : 112);
    return [
      compared(Causeway, Poller125, 'polling every 125 ms', 'ms'),
      compared(Causeway, Poller125, 'polling every 125 ms', 'frames'),
      compared(Causeway, Poller500, 'polling every 500 ms', 'ms'),
      compared(Causeway, Poller500, 'polling every 500 ms', 'frames'),
      {
        what: 'exchanges with the emulator per frame',
        unit: 'exchanges',
        ours: Causeway.exchangesPerFrame,
        beside: { name: 'polling every 125 ms', value: Poller125.exchangesPerFrame },
      },
    ];
  },
};
