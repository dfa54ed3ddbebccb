import { decodeClientMessage, encodeServerMessage } from '@causeway/protocol/archipelago';
import { describe, expect, it } from 'vitest';
import type { MultiworldClient } from './client-contract.js';
import type { MultiworldEvent } from './contract.js';
import { openMultiworld } from './open-multiworld.js';
import type { ReceivedItem } from './room.js';
import { FakeNetwork, type FakeSocket } from './testing/fake-network.js';
import { LOCATIONS, type ModelPeer, ModelRoom } from './testing/model-room.js';
import { seededRandom, settled, VirtualClock } from './testing/virtual-clock.js';

const SCHEDULES = Number(process.env['CAUSEWAY_SCHEDULES'] ?? 2_000);
const FIRST_SEED = Number(process.env['CAUSEWAY_SEED'] ?? 1);
const STEPS = 60;
const WATCHED = 'EnergyLink0';

/** A connection between the client and the room, with messages under way in both directions. */
class Wire {
  readonly socket: FakeSocket;
  readonly toClient: string[] = [];
  /** What happens to the next item packet. */
  fault: 'lose' | 'repeat' | undefined;
  readonly #room: ModelRoom;
  readonly #peer: ModelPeer;

  constructor(socket: FakeSocket, room: ModelRoom, lost: () => void) {
    this.socket = socket;
    this.#room = room;
    this.#peer = {
      joined: false,
      subscriptions: new Set(),
      send: (packets) => {
        const isItems = packets[0]?.cmd === 'ReceivedItems';
        if (isItems && this.fault === 'lose') lost();
        else this.toClient.push(encodeServerMessage(packets));
        if (isItems && this.fault === 'repeat') this.toClient.push(encodeServerMessage(packets));
        if (isItems) this.fault = undefined;
      },
    };
    room.peers.add(this.#peer);
    socket.open();
    this.#peer.send([room.greeting()]);
  }

  /** One message of the client arrives at the room. */
  up(): void {
    const text = this.socket.sent.shift();
    if (text === undefined) return;
    for (const entry of decodeClientMessage(text)) {
      if (entry.kind !== 'packet') throw new Error(`the client sent nonsense: ${text}`);
      if (this.#room.peers.has(this.#peer)) this.#room.handle(this.#peer, entry.packet);
    }
  }

  /** Whether the room knows this connection; if not, only missing pongs tell the client. */
  get known(): boolean {
    return this.#room.peers.has(this.#peer);
  }

  down(): void {
    const text = this.toClient.shift();
    if (text !== undefined && this.socket.alive) this.socket.deliver(text);
  }

  /** The room forgets this connection; the client may not know yet. */
  sever(): void {
    this.#room.peers.delete(this.#peer);
    this.toClient.length = 0;
  }
}

class Simulation {
  readonly random: () => number;
  /** How often connections end: some schedules are all storm, some only lose a packet now and then. */
  readonly storm: number;
  readonly clock = new VirtualClock();
  readonly network = new FakeNetwork();
  readonly room = new ModelRoom();
  readonly client: MultiworldClient;
  readonly events: MultiworldEvent[] = [];
  readonly reported = new Set<number>();
  readonly others = new Set<number>();
  readonly watched: unknown[] = [];
  unsettled = 0;
  goal = false;
  down = false;
  itemsLost = false;
  #wires = new Map<FakeSocket, Wire>();
  #accepted = 0;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.storm = this.random() < 0.5 ? 1 : 0.05;
    this.client = openMultiworld({
      address: 'localhost:1',
      slotName: 'Ana',
      game: 'Game',
      itemsHandling: 7,
      clock: this.clock,
      random: this.random,
      connect: this.network.connect,
      onEvent: (event) => this.events.push(event),
    });
    this.client.watch(WATCHED, (value) => this.watched.push(value));
  }

  pick<T>(values: readonly T[]): T | undefined {
    return values[Math.floor(this.random() * values.length)];
  }

  get wire(): Wire | undefined {
    const socket = this.network.sockets.at(-1);
    return socket && this.#wires.get(socket);
  }

  /** Lets in whoever knocks, or turns them away while the room is down. */
  accept(): void {
    for (const socket of this.network.sockets.slice(this.#accepted)) {
      this.#accepted += 1;
      if (this.down) socket.end({ problem: 'ECONNREFUSED' });
      else
        this.#wires.set(
          socket,
          new Wire(socket, this.room, () => {
            this.itemsLost = true;
          }),
        );
    }
    // What the client has ended is over for the room as well.
    for (const [socket, wire] of this.#wires) {
      if (socket.ended === undefined) continue;
      wire.sever();
      if (socket.alive) socket.end({ code: 1000 });
      this.#wires.delete(socket);
    }
  }

  drop(code: number): void {
    const { wire } = this;
    if (!wire?.socket.alive) return;
    wire.sever();
    wire.socket.end({ code });
  }

  report(locations: readonly number[]): void {
    for (const id of locations) if (LOCATIONS.includes(id)) this.reported.add(id);
    this.client.check(locations);
  }

  steps = (): readonly (readonly [weight: number, run: () => unknown])[] => [
    [24, () => this.wire?.up()],
    [24, () => this.wire?.down()],
    [8, () => this.report([this.pick(LOCATIONS) ?? 0, this.pick(LOCATIONS) ?? 0])],
    [2, () => this.report([7, 999_999, -1, Number.NaN])],
    [8, () => this.room.find()],
    [
      3,
      () => {
        const id = this.pick(LOCATIONS) ?? 0;
        this.others.add(id);
        this.room.check([id]);
      },
    ],
    [6 * this.storm, () => this.drop(1006)],
    [2 * this.storm, () => this.drop(1000)],
    [3 * this.storm, () => this.wire?.sever()],
    [4, () => this.room.save()],
    [2 * this.storm, () => this.restart()],
    [
      3 * this.storm,
      () => {
        this.down = !this.down;
        if (this.down) this.drop(1001);
      },
    ],
    [
      9,
      () => {
        if (this.wire) this.wire.fault = this.random() < 0.7 ? 'lose' : 'repeat';
      },
    ],
    [6, () => this.clock.advance(Math.floor(this.random() * 3_000))],
    [2, () => this.clock.advance(Math.floor(this.random() * 60_000))],
    [2, () => this.room.add(WATCHED, 10)],
    [2, () => this.client.store(WATCHED, [{ operation: 'add', value: 1 }], 0)],
    [2, () => this.scout()],
    [
      1,
      () => {
        this.goal = true;
        this.client.goal();
      },
    ],
    [1, () => this.client.playing(this.random() < 0.7)],
    [1, () => this.wire?.socket.deliver('[{"cmd":"ReceivedItems","index":"nonsense"},{"cmd":"Future"}]')],
    [1, () => this.wire?.socket.deliver('{broken')],
  ];

  restart(): void {
    this.drop(1001);
    this.room.restart();
    // The next login sends the whole list.
    this.itemsLost = false;
  }

  scout(): void {
    this.unsettled += 1;
    const done = (): void => {
      this.unsettled -= 1;
    };
    this.client.scout([this.pick(LOCATIONS) ?? 0, 4, this.pick(LOCATIONS) ?? 0]).then(done, done);
  }

  async step(): Promise<void> {
    const steps = this.steps();
    const total = steps.reduce((sum, [weight]) => sum + weight, 0);
    let at = this.random() * total;
    for (const [weight, run] of steps) {
      at -= weight;
      if (at >= 0) continue;
      await run();
      break;
    }
    await settled();
    this.accept();
  }

  /** The network is well again, for as long as it takes. */
  async heal(): Promise<void> {
    this.down = false;
    if (this.wire) this.wire.fault = undefined;
    for (let round = 0; round < 400; round += 1) {
      this.accept();
      this.wire?.up();
      this.wire?.down();
      if (this.wire?.known) this.wire.socket.pong();
      await settled();
      const idle = this.wire?.socket.sent.length === 0 && this.wire.toClient.length === 0;
      if (idle && this.wire?.known && this.client.status === 'joined' && round > 100) return;
      if (idle || !this.wire?.socket.alive) await this.clock.advance(1_000);
    }
    throw new Error(`still ${this.client.status} after healing`);
  }

  itemsOfRoom(): readonly ReceivedItem[] {
    return this.room.state.items.map((item, index) => ({ index, ...item }));
  }

  /** The list an owner ends up with who only follows the events. */
  itemsByEvents(): readonly ReceivedItem[] {
    let list: readonly ReceivedItem[] = [];
    for (const event of this.events) {
      if (event.kind === 'items') list = event.replaced ? event.items : [...list, ...event.items];
    }
    return list;
  }
}

const run = async (seed: number): Promise<void> => {
  const simulation = new Simulation(seed);
  const { client, room } = simulation;
  await settled();
  simulation.accept();
  for (let step = 0; step < STEPS; step += 1) await simulation.step();
  if (simulation.random() < 0.3) {
    if (simulation.random() < 0.3) simulation.room.loseSave();
    simulation.restart();
  }
  await simulation.heal();
  if (!simulation.itemsLost) expect(client.room?.items).toEqual(simulation.itemsOfRoom());
  // A lost item packet shows itself by the next one.
  room.find();
  await simulation.heal();

  const { state } = room;
  const sorted = (ids: Iterable<number>) => [...ids].toSorted((a, b) => a - b);
  expect(client.room?.items).toEqual(simulation.itemsOfRoom());
  expect(simulation.itemsByEvents()).toEqual(client.room?.items);
  expect(sorted(client.room?.checked ?? [])).toEqual(sorted(state.checked));
  for (const id of simulation.reported) expect(state.checked).toContain(id);
  for (const id of state.checked) expect(simulation.reported.has(id) || simulation.others.has(id)).toBe(true);
  if (simulation.goal) expect(state.status).toBe(30);
  if (WATCHED in state.store) expect(simulation.watched.at(-1)).toBe(state.store[WATCHED]);

  const closing = client.close();
  simulation.accept();
  await simulation.clock.advance(60_000);
  await closing;
  expect(simulation.unsettled).toBe(0);
  expect(simulation.clock.pendingTimers).toBe(0);
  const { length } = simulation.network.sockets;
  await simulation.clock.advance(120_000);
  expect(simulation.network.sockets).toHaveLength(length);
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
