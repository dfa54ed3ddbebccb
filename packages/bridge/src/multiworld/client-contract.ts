import type { Json } from '@causeway/protocol/archipelago';
import type { Multiworld, StorageOperation } from './contract.js';
import type { SharedEnergy } from './energy-link.js';
import type { RoomHint } from './hint-list.js';
import type { CallOptions } from './pending-requests.js';
import type { NameLists } from './room.js';
import type { RoomDetails } from './room-state.js';
import type { StoredValue, WatchListener } from './storage.js';

/** Whom a bounce reaches: everybody of the team that matches any of the three. */
export interface BounceTarget {
  readonly games?: readonly string[] | undefined;
  readonly slots?: readonly number[] | undefined;
  readonly tags?: readonly string[] | undefined;
}

export interface HintWishes {
  /** Slot whose locations they are; default the own. */
  readonly player?: number | undefined;
  /** A HintStatus other than found; default unspecified. */
  readonly status?: number | undefined;
}

/** A {@link Multiworld} with what launchers and richer game bridges need besides. */
export interface MultiworldClient extends Multiworld {
  readonly names: NameLists;
  /** `undefined` until the first greeting. */
  readonly details: RoomDetails | undefined;
  /** Locations reported and not yet acknowledged by the server. */
  readonly pendingChecks: readonly number[];
  /** Hints that concern this slot, kept through lost connections; empty unless `hints` was asked for. */
  readonly hints: readonly RoomHint[];
  /** The team's shared energy (EnergyLink). It has no tag: using it is taking part. */
  readonly energy: SharedEnergy;
  /**
   * Changes which items the server sends, now and for later logins: bits 1 other worlds, 2 own world, 4 start inventory.
   * The list of the new choice arrives as an `items` event; every index means another item then.
   *
   * @throws {CausewayError} `server_refused_items`
   */
  receiveItems(itemsHandling: number): void;
  /** Springs a trap on everybody with the tag `TrapLink`. `false` without the tag, while not joined, or within a second of another. */
  trap(name: string): boolean;
  /** Rings won (above 0) or lost, for everybody with the tag `RingLink`. `false` without the tag or while not joined. */
  ring(amount: number): boolean;
  /** Tries again at once: while waiting, after {@link disconnect}, or after a refusal that has been mended. */
  reconnect(): void;
  /** Leaves the room until {@link reconnect}. What must not be lost is kept, as over a lost connection; no event tells. */
  disconnect(): void;
  /** Says whether the player waits for the others to begin (ClientStatus 10). Playing and the goal say more, and go first. */
  ready(on: boolean): void;
  /** Reads keys of the data storage; unknown ones are null. Rejects with `server_lost` while not joined. */
  get(keys: readonly string[], options?: CallOptions): Promise<Readonly<Record<string, Json>>>;
  /** Writes a key and waits for what came of it. Rejects with `server_lost` while not joined: nothing says whether it was done. */
  set(
    key: string,
    operations: readonly StorageOperation[],
    options?: CallOptions & { readonly default?: Json },
  ): Promise<StoredValue>;
  /** Tells the value of a key now, at every change, and after every later login, until stopped. */
  watch(key: string, listener: WatchListener): () => void;
  /** Sends a bounce; `false` while not joined. */
  bounce(target: BounceTarget, data?: Json): boolean;
  /** Makes hints for locations; the server says nothing but the hints themselves. Ids outside the own slot are left out. */
  createHints(locations: readonly number[], wishes?: HintWishes): boolean;
  /** Says what we think of a hint for us, named by its finder and location. */
  updateHint(player: number, location: number, status: number): boolean;
}
