import { describe, expect, it } from 'vitest';
import { seededRandom } from '../testing/seeded-random.js';
import { settled, VirtualClock } from '../testing/virtual-clock.js';
import { LOCATIONS, ModelRoom, OWN_SLOT } from './testing/model-room.js';
import { SimulatedPlayer, WATCHED } from './testing/simulated-player.js';

const SCHEDULES = Number(process.env['CAUSEWAY_SCHEDULES'] ?? 2_000);
const FIRST_SEED = Number(process.env['CAUSEWAY_SEED'] ?? 1);
const STEPS = 60;
const MODES = [0, 1, 3, 5, 7] as const;

type Step = readonly [weight: number, run: (player: SimulatedPlayer) => unknown];

class Simulation {
  readonly random: () => number;
  /** How often connections end: some schedules are all storm, some only lose a packet now and then. */
  readonly storm: number;
  readonly clock = new VirtualClock();
  readonly room = new ModelRoom();
  /** One or two clients in the same slot. */
  readonly players: readonly SimulatedPlayer[];
  readonly reported = new Set<number>();
  readonly others = new Set<number>();
  goal = false;
  down = false;
  readonly #steps: readonly Step[];

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.storm = this.random() < 0.5 ? 1 : 0.05;
    const { room, clock, random } = this;
    const modes = this.random() < 0.4 ? [7, this.pick(MODES)] : [7];
    this.players = modes.map((itemsHandling) => new SimulatedPlayer({ room, clock, random, itemsHandling }));
    this.#steps = this.#allSteps();
  }

  pick<T>(values: readonly [T, ...T[]] | readonly T[]): T {
    return values[Math.floor(this.random() * values.length)] as T;
  }

  location(): number {
    return this.pick(LOCATIONS);
  }

  accept(): void {
    for (const player of this.players) player.accept(this.down);
  }

  report(player: SimulatedPlayer, locations: readonly number[]): void {
    for (const id of locations) if (LOCATIONS.includes(id)) this.reported.add(id);
    player.client.check(locations);
  }

  restart(): void {
    for (const player of this.players) {
      player.drop(1001);
      // The next login sends the whole list.
      player.itemsLost = false;
    }
    this.room.restart();
  }

  async step(): Promise<void> {
    const total = this.#steps.reduce((sum, [weight]) => sum + weight, 0);
    let at = this.random() * total;
    for (const [weight, run] of this.#steps) {
      at -= weight;
      if (at >= 0) continue;
      await run(this.pick(this.players));
      break;
    }
    await settled();
    this.accept();
  }

  /** The network is well again, for as long as it takes. */
  async heal(): Promise<void> {
    this.down = false;
    for (const { wire } of this.players) if (wire) wire.fault = undefined;
    let calm = 0;
    for (let round = 0; round < 400; round += 1) {
      this.accept();
      for (const { wire } of this.players) {
        wire?.up();
        wire?.down();
        if (wire?.known) wire.socket.pong();
      }
      await settled();
      calm = this.players.every((player) => player.settled) ? calm + 1 : 0;
      if (calm > 10) return;
      const idle = this.players.every(({ quiet, wire }) => quiet || !wire?.socket.alive);
      if (idle) await this.clock.advance(1_000);
    }
    throw new Error(`still ${this.players.map(({ client }) => client.status).join(' and ')} after healing`);
  }

  #allSteps(): readonly Step[] {
    return [...this.#traffic(), ...this.#faults(), ...this.#wishes()];
  }

  #traffic(): readonly Step[] {
    return [
      [24, ({ wire }) => wire?.up()],
      [24, ({ wire }) => wire?.down()],
      [6, () => this.clock.advance(Math.floor(this.random() * 3_000))],
      [2, () => this.clock.advance(Math.floor(this.random() * 60_000))],
      [8, () => this.room.find()],
      [2, () => this.room.add(WATCHED, 10)],
      [2, () => this.room.hint(this.location())],
      [
        3,
        () => {
          const id = this.location();
          this.others.add(id);
          this.room.check([id]);
        },
      ],
    ];
  }

  #faults(): readonly Step[] {
    return [
      [6 * this.storm, (player) => player.drop(1006)],
      [2 * this.storm, (player) => player.drop(1000)],
      [3 * this.storm, ({ wire }) => wire?.sever()],
      [4, () => this.room.save()],
      [2 * this.storm, () => this.restart()],
      [
        3 * this.storm,
        () => {
          this.down = !this.down;
          if (this.down) for (const player of this.players) player.drop(1001);
        },
      ],
      [
        9,
        ({ wire }) => {
          if (wire) wire.fault = this.random() < 0.7 ? 'lose' : 'repeat';
        },
      ],
      [1, ({ wire }) => wire?.socket.deliver('[{"cmd":"ReceivedItems","index":"nonsense"},{"cmd":"Future"}]')],
      [1, ({ wire }) => wire?.socket.deliver('{broken')],
    ];
  }

  #wishes(): readonly Step[] {
    return [
      [8, (player) => this.report(player, [this.location(), this.location()])],
      [2, (player) => this.report(player, [7, 999_999, -1, Number.NaN])],
      [2, ({ client }) => client.store(WATCHED, [{ operation: 'add', value: 1 }], 0)],
      [2, (player) => player.ask(player.client.scout([this.location(), 4, this.location()]))],
      [1, ({ client }) => client.createHints([this.location(), 4])],
      [1, ({ client }) => client.updateHint(OWN_SLOT, this.location(), this.pick([0, 10, 20, 30]))],
      [2, (player) => player.receiveItems(this.pick(MODES))],
      [1, ({ client }) => client.playing(this.random() < 0.7)],
      [
        1,
        ({ client }) => {
          this.goal = true;
          client.goal();
        },
      ],
    ];
  }
}

const sorted = (ids: Iterable<number>) => [...ids].toSorted((a, b) => a - b);

const hintsOf = ({ state }: ModelRoom) =>
  state.hints.map((hint) => ({
    finder: hint.finding_player,
    receiver: hint.receiving_player,
    location: hint.location,
    item: hint.item,
    flags: hint.item_flags,
    entrance: hint.entrance,
    found: hint.found,
    status: hint.status,
  }));

/** A player's idea of the room is the room's, whichever way it is asked for. */
const expectSame = (player: SimulatedPlayer, room: ModelRoom): void => {
  const { client } = player;
  const { state } = room;
  expect(client.room?.items).toEqual(player.itemsOfRoom());
  expect(player.itemsByEvents()).toEqual(client.room?.items);
  expect(sorted(client.room?.checked ?? [])).toEqual(sorted(state.checked));
  const byLocation = (a: { location: number }, b: { location: number }) => a.location - b.location;
  expect(client.hints.toSorted(byLocation)).toEqual(hintsOf(room).toSorted(byLocation));
  expect(player.hintsByEvents().toSorted(byLocation)).toEqual(client.hints.toSorted(byLocation));
  if (WATCHED in state.store) expect(player.watched.at(-1)).toBe(state.store[WATCHED]);
};

const close = async (simulation: Simulation): Promise<void> => {
  const { players, clock } = simulation;
  const closing = Promise.all(players.map(({ client }) => client.close()));
  simulation.accept();
  await clock.advance(60_000);
  await closing;
  expect(clock.pending).toBe(0);
  const sockets = (): readonly number[] => players.map(({ network }) => network.sockets.length);
  const before = sockets();
  await clock.advance(120_000);
  expect(sockets()).toEqual(before);
  for (const player of players) expect(player.unsettled).toBe(0);
};

const run = async (seed: number): Promise<void> => {
  const simulation = new Simulation(seed);
  const { room, players } = simulation;
  await settled();
  simulation.accept();
  for (let step = 0; step < STEPS; step += 1) await simulation.step();
  if (simulation.random() < 0.3) {
    if (simulation.random() < 0.3) simulation.room.loseSave();
    simulation.restart();
  }
  await simulation.heal();
  for (const player of players) {
    if (!player.itemsLost) expect(player.client.room?.items).toEqual(player.itemsOfRoom());
  }
  // A lost item packet shows itself by the next one.
  room.find();
  await simulation.heal();

  for (const player of players) expectSame(player, room);
  const { state } = room;
  for (const id of simulation.reported) expect(state.checked).toContain(id);
  for (const id of state.checked) expect(simulation.reported.has(id) || simulation.others.has(id)).toBe(true);
  if (simulation.goal) expect(state.status).toBe(30);
  await close(simulation);
};

describe('a multiworld through interruptions', () => {
  it(
    `ends as the server does, in ${SCHEDULES} random schedules`,
    async () => {
      for (let seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed += 1) {
        try {
          await run(seed);
        } catch (error) {
          throw new Error(`schedule CAUSEWAY_SEED=${seed} CAUSEWAY_SCHEDULES=1 fails`, { cause: error });
        }
      }
    },
    60_000 + SCHEDULES * 100,
  );
});
