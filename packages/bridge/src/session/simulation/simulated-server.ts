import { CausewayError } from '@causeway/protocol/errors';
import type { Random } from '../../clock.js';
import type { Death, Multiworld, MultiworldEvent, MultiworldStatus } from '../../multiworld/contract.js';
import type { ReceivedItem, Room } from '../../multiworld/room.js';
import { between } from '../../testing/seeded-random.js';
import type { VirtualClock } from '../../testing/virtual-clock.js';
import type { LoginRequest } from '../contract.js';
import { ITEM_BASE, LOCATION_BASE, LOCATIONS } from './memory-map.js';
import { FRAME_MS } from './simulated-emulator.js';

/** One slot as the server keeps it. */
export interface ServerSlot {
  readonly items: ReceivedItem[];
  readonly checked: Set<number>;
  goal: boolean;
}

const IDS: ReadonlySet<number> = new Set(Array.from({ length: LOCATIONS }, (_, chest) => LOCATION_BASE + chest));

/** The multiworld server: each check of a slot yields an item of its own, partners send others. */
export class SimulatedServer {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #slots = new Map<string, ServerSlot>();
  readonly #clients = new Set<SimulatedMultiworld>();
  /** Extra frames every message takes at the moment. */
  slowness = 0;
  /** Told of every report as the server takes it in. */
  onReport: (slot: string, location: number | 'goal') => void = () => {};

  constructor(clock: VirtualClock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  readonly open = (login: LoginRequest): Multiworld => {
    const client = new SimulatedMultiworld(this, this.#clock, login);
    this.#clients.add(client);
    return client;
  };

  slot(name: string): ServerSlot {
    const known = this.#slots.get(name) ?? { items: [], checked: new Set<number>(), goal: false };
    this.#slots.set(name, known);
    return known;
  }

  /** How long a message takes, milliseconds. */
  latency(): number {
    return FRAME_MS * (between(this.#random, 0, 3) + this.slowness);
  }

  sendItem(name: string, player: number, location: number): void {
    const { items } = this.slot(name);
    // Every entry is another item, so that what was taken twice or never shows.
    items.push({ index: items.length, item: ITEM_BASE + items.length + 1, location, player, flags: 0 });
    this.#notify(name, 'items');
  }

  takeChecks(name: string, locations: readonly number[]): void {
    const { checked } = this.slot(name);
    for (const location of locations) {
      this.onReport(name, location);
      if (checked.has(location)) continue;
      checked.add(location);
      this.sendItem(name, 1, location);
    }
    this.#notify(name, 'checked');
  }

  takeGoal(name: string): void {
    this.onReport(name, 'goal');
    this.slot(name).goal = true;
  }

  /** Every connection breaks; what is under way may or may not arrive. */
  drop(): void {
    for (const client of this.#clients) client.drop();
  }

  leave(client: SimulatedMultiworld): void {
    this.#clients.delete(client);
  }

  room(name: string): Room {
    const { items, checked } = this.slot(name);
    return {
      seed: 'seed',
      team: 0,
      slot: 1,
      slotName: name,
      game: 'Simulated',
      slotData: {},
      players: [],
      items: [...items],
      locations: IDS,
      checked: new Set(checked),
    };
  }

  /** Whether something just sent is lost in a drop. */
  coin(): boolean {
    return this.#random() < 0.5;
  }

  #notify(name: string, kind: 'items' | 'checked'): void {
    for (const client of this.#clients) if (client.slot === name) client.refresh(kind);
  }
}

/** The engine's own view of the server: keeps reports until acknowledged, hides gaps, logs in again. */
class SimulatedMultiworld implements Multiworld {
  readonly slot: string;
  readonly names = {
    item: (id: number) => `item ${id}`,
    location: (id: number) => `location ${id}`,
    player: (slot: number) => `player ${slot}`,
  };
  readonly #server: SimulatedServer;
  readonly #clock: VirtualClock;
  readonly #tell: (event: MultiworldEvent) => void;
  readonly #reported = new Set<number>();
  #timers: (() => void)[] = [];
  #status: MultiworldStatus = 'connecting';
  #room: Room | undefined;
  #goal = false;

  constructor(server: SimulatedServer, clock: VirtualClock, { identity, onEvent }: LoginRequest) {
    this.#server = server;
    this.#clock = clock;
    this.#tell = onEvent;
    this.slot = identity.slotName ?? '';
    this.#in(server.latency(), () => this.#join());
  }

  get status(): MultiworldStatus {
    return this.#status;
  }

  get room(): Room | undefined {
    return this.#room;
  }

  check(locations: Iterable<number>): void {
    const ids = [...locations];
    for (const id of ids) this.#reported.add(id);
    if (this.#status === 'joined') this.#in(this.#server.latency(), () => this.#server.takeChecks(this.slot, ids));
  }

  goal(): void {
    this.#goal = true;
    if (this.#status === 'joined') this.#in(this.#server.latency(), () => this.#server.takeGoal(this.slot));
  }

  playing(): void {}

  say(): boolean {
    return this.#status === 'joined';
  }

  death(_death: Omit<Death, 'time'>): void {}

  tag(): void {}

  scout(): Promise<readonly ReceivedItem[]> {
    return Promise.resolve([]);
  }

  store(): void {}

  close(): Promise<void> {
    this.#status = 'closed';
    this.#forget();
    this.#server.leave(this);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The server has something new for this slot. */
  refresh(kind: 'items' | 'checked'): void {
    if (this.#status !== 'joined') return;
    this.#in(this.#server.latency(), () => {
      const before = this.#room;
      const now = this.#server.room(this.slot);
      this.#room = now;
      if (kind === 'items') this.#tell({ kind, items: now.items.slice(before?.items.length ?? 0), replaced: false });
      else this.#tell({ kind, locations: [...now.checked] });
    });
  }

  drop(): void {
    if (this.#status !== 'joined') return;
    this.#status = 'waiting';
    this.#forget();
    const retryInMs = FRAME_MS * 8;
    this.#tell({ kind: 'lost', error: new CausewayError('server_lost', 'The connection broke.'), retryInMs });
    // What was reported just before may still have arrived.
    const mayHaveArrived = [...this.#reported];
    if (this.#server.coin()) this.#server.takeChecks(this.slot, mayHaveArrived);
    this.#in(retryInMs, () => this.#join());
  }

  #join(): void {
    const rejoined = this.#room !== undefined;
    this.#status = 'joined';
    const room = this.#server.room(this.slot);
    this.#room = room;
    this.#tell({ kind: 'joined', room, rejoined });
    const missing = [...this.#reported].filter((id) => !room.checked.has(id));
    if (missing.length > 0) this.check(missing);
    if (this.#goal) this.goal();
  }

  #in(ms: number, act: () => void): void {
    const cancel = this.#clock.after(ms, () => {
      this.#timers = this.#timers.filter((each) => each !== cancel);
      act();
    });
    this.#timers.push(cancel);
  }

  #forget(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
  }
}
