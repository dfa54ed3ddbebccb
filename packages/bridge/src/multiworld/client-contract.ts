import type { Json } from '@causeway/protocol/archipelago';
import type { Multiworld, StorageOperation } from './contract.js';
import type { CallOptions } from './pending-requests.js';
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
  /** `undefined` until the first greeting. */
  readonly details: RoomDetails | undefined;
  /** Locations reported and not yet acknowledged by the server. */
  readonly pendingChecks: readonly number[];
  /** Tries again at once: while waiting, or after a refusal that has been mended. */
  reconnect(): void;
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
