import type { Clock, Logger, Random } from '@causeway/bridge';
import { CORE_GAME } from '@causeway/protocol/archipelago';
import type { PyValue } from '../python/values.js';
import { raise } from '../python/values.js';
import type { Client } from './client.js';
import type { Outbox } from './outbox.js';
import type { RoomDefinition, RoomGame, RoomOptions, RoomSlot } from './room-definition.js';
import type { RoomEvent } from './room-event.js';
import type { RoomState, SlotState } from './room-state.js';

const NOBODY: ReadonlySet<Client> = new Set();

/** What the outside world gives a room. */
export interface RoomSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly emit: (event: RoomEvent) => void;
}

/** An open room: definition, state, who is in it, and the ways out. The features are functions over it. */
export class RoomContext {
  readonly definition: RoomDefinition;
  readonly outbox: Outbox;
  readonly surroundings: RoomSurroundings;
  readonly options: RoomOptions;
  readonly subscribers = new Map<string, Set<Client>>();
  /** Everything connected, logged in or not. */
  readonly clients = new Set<Client>();
  state: RoomState;
  /** Asked by `/exit` in the console. */
  onExit: () => void = () => {};
  /** Asked by `/save` in the console. */
  onSave: () => void = () => {};
  stopCountdown: (() => void) | undefined;
  readonly #bySlot = new Map<number, Set<Client>>();
  readonly #itemNames = new Map<string, ReadonlyMap<number, string>>();
  readonly #locationNames = new Map<string, ReadonlyMap<number, string>>();

  constructor(definition: RoomDefinition, state: RoomState, outbox: Outbox, surroundings: RoomSurroundings) {
    this.definition = definition;
    this.state = state;
    this.outbox = outbox;
    this.surroundings = surroundings;
    this.options = { ...definition.options };
  }

  slot(slot: number): RoomSlot {
    return this.definition.slots.get(slot) ?? raise(`no slot ${slot}`);
  }

  stateOf(slot: number): SlotState {
    return this.state.slots.get(slot) ?? raise(`no slot ${slot}`);
  }

  game(name: string): RoomGame | undefined {
    return this.definition.games.get(name);
  }

  /** The slot itself, or the members of an item-link group. */
  members(slot: number): readonly number[] {
    const { members } = this.slot(slot);
    return members.length > 0 ? members : [slot];
  }

  clientsOf(slot: number): ReadonlySet<Client> {
    return this.#bySlot.get(slot) ?? NOBODY;
  }

  *loggedIn(): Iterable<Client> {
    for (const client of this.clients) if (client.loggedIn) yield client;
  }

  seat(client: Client, slot: number): void {
    const seated = this.#bySlot.get(slot) ?? new Set();
    this.#bySlot.set(slot, seated.add(client));
    client.slot = slot;
  }

  /** Forgets a connection everywhere. */
  remove(client: Client): void {
    this.clients.delete(client);
    const seated = this.#bySlot.get(client.slot);
    seated?.delete(client);
    if (seated?.size === 0) this.#bySlot.delete(client.slot);
    for (const key of client.watching) {
      const listeners = this.subscribers.get(key);
      listeners?.delete(client);
      if (listeners?.size === 0) this.subscribers.delete(key);
    }
  }

  subscribe(client: Client, key: string): void {
    const listeners = this.subscribers.get(key) ?? new Set();
    this.subscribers.set(key, listeners.add(client));
    client.watching.add(key);
  }

  /** The name to show: `Alias (Name)` when an alias is set. */
  nameOf(slot: number): string {
    const { name } = this.slot(slot);
    const { alias } = this.stateOf(slot);
    return alias === undefined ? name : `${alias} (${name})`;
  }

  itemName(id: number, slot: number): string {
    return this.#lookup(this.#itemNames, 'items', id, slot) ?? `Unknown item (ID: ${id})`;
  }

  locationName(id: number, slot: number): string {
    return this.#lookup(this.#locationNames, 'locations', id, slot) ?? `Unknown location (ID: ${id})`;
  }

  /** Tells the subscribers of a read-only key its new value. */
  announce(key: string, value: () => PyValue | object): void {
    const listeners = this.subscribers.get(key);
    if (listeners) this.outbox.post(listeners, [{ cmd: 'SetReply', key, value: value() }]);
  }

  #lookup(
    tables: Map<string, ReadonlyMap<number, string>>,
    kind: 'items' | 'locations',
    id: number,
    slot: number,
  ): string | undefined {
    const { game } = this.slot(slot);
    return this.#table(tables, kind, game).get(id) ?? this.#table(tables, kind, CORE_GAME).get(id);
  }

  #table(tables: Map<string, ReadonlyMap<number, string>>, kind: 'items' | 'locations', game: string) {
    const known = tables.get(game);
    if (known) return known;
    const table = new Map([...(this.game(game)?.[kind] ?? [])].map(([name, id]) => [id, name] as const));
    tables.set(game, table);
    return table;
  }
}
