import type { PyValue } from '../python/values.js';
import { checkedLocations, missingLocations } from './checks.js';
import { hintPoints } from './hint-points.js';
import { hintsOf } from './hints.js';
import type { RoomContext } from './room-context.js';
import type { Hint, RoomDefinition, RoomSlot } from './room-definition.js';
import type { NetworkItem } from './room-state.js';

/** What a room holds, for tests, demos and judges. Reads only. */
export class RoomInspection {
  readonly #room: RoomContext;

  /** @internal */
  constructor(room: RoomContext) {
    this.#room = room;
  }

  get definition(): RoomDefinition {
    return this.#room.definition;
  }

  /** Connections, logged in or not. */
  get connections(): number {
    return this.#room.clients.size;
  }

  /** The slot with this name, alias or ROM name. */
  slotNamed(name: string): RoomSlot | undefined {
    const slot = this.#room.definition.connectNames.get(name);
    return slot === undefined ? undefined : this.#room.slot(slot);
  }

  /** Connections logged in to a slot. */
  connectionsOf(slot: number): number {
    return this.#room.clientsOf(slot).size;
  }

  /** Everything a slot has received, without its start inventory. */
  items(slot: number): readonly NetworkItem[] {
    return [...this.#room.stateOf(slot).items];
  }

  checked(slot: number): readonly number[] {
    return checkedLocations(this.#room, slot);
  }

  missing(slot: number): readonly number[] {
    return missingLocations(this.#room, slot);
  }

  /** A ClientStatus, or whatever a client sent as one. */
  status(slot: number): PyValue {
    return this.#room.stateOf(slot).status;
  }

  hints(slot: number): readonly Readonly<Hint>[] {
    return hintsOf(this.#room, slot).map((hint) => ({ ...hint }));
  }

  hintPoints(slot: number): number {
    return hintPoints(this.#room, slot);
  }

  /** A key of the data storage, as the server holds it. */
  stored(key: string): PyValue | undefined {
    return this.#room.state.stored.get(key);
  }

  /** Keys somebody watches, with the number of watchers. */
  watched(): ReadonlyMap<string, number> {
    return new Map([...this.#room.subscribers].map(([key, clients]) => [key, clients.size]));
  }

  itemName(item: number, slot: number): string {
    return this.#room.itemName(item, slot);
  }

  locationName(location: number, slot: number): string {
    return this.#room.locationName(location, slot);
  }
}
