import type { Json } from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import type { StorageOperation } from './contract.js';
import type { CallOptions } from './pending-requests.js';
import type { StoredValue } from './storage.js';

/** The energy all players of a team share, in joules. Any amount: stores of 10^20 J are normal. */
export interface SharedEnergy {
  /** What is there now. */
  level(options?: CallOptions): Promise<bigint>;
  /** Adds; resolves with the level after it. Rejects with `server_lost` while not joined: nothing says whether it was done. */
  give(joules: bigint, options?: CallOptions): Promise<bigint>;
  /** Takes up to that much; resolves with what was really taken, 0 when nothing is there. Rejects as `give` does. */
  take(joules: bigint, options?: CallOptions): Promise<bigint>;
  /** Tells the level now, at every change and after every later login, until stopped. Throws `server_lost` before the first login. */
  watch(listener: (joules: bigint) => void): () => void;
}

/** The parts of the data storage that energy needs. */
export interface EnergyStore {
  /** `undefined` before the first login. */
  team(): number | undefined;
  get(keys: readonly string[], options: CallOptions): Promise<Readonly<Record<string, Json>>>;
  set(
    key: string,
    operations: readonly StorageOperation[],
    options: CallOptions & { readonly default?: Json },
  ): Promise<StoredValue>;
  watch(key: string, listener: (value: Json) => void): () => void;
}

/** Whole joules of a stored value, whatever some program has put there. */
const joulesOf = (value: Json | undefined): bigint => {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
};

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/**
 * EnergyLink on the data storage: key `EnergyLink<team>`, changed by differences only, so that several players who take at
 * once never get the same joule (`archipelago.md` §11.4).
 */
export class EnergyLink implements SharedEnergy {
  readonly #store: EnergyStore;

  constructor(store: EnergyStore) {
    this.#store = store;
  }

  async level(options: CallOptions = {}): Promise<bigint> {
    const key = this.#key();
    return joulesOf((await this.#store.get([key], options))[key]);
  }

  async give(joules: bigint, options: CallOptions = {}): Promise<bigint> {
    if (joules <= 0n) return this.level(options);
    const operations = [{ operation: 'add', value: joules }];
    return joulesOf((await this.#store.set(this.#key(), operations, { ...options, default: 0 })).value);
  }

  async take(joules: bigint, options: CallOptions = {}): Promise<bigint> {
    if (joules <= 0n) return 0n;
    const operations = [
      { operation: 'add', value: -joules },
      { operation: 'max', value: 0 },
    ];
    const { original, value } = await this.#store.set(this.#key(), operations, { ...options, default: 0 });
    const taken = joulesOf(original) - joulesOf(value);
    // A store that was below zero went up to zero: that is no gift.
    return taken <= 0n ? 0n : smaller(taken, joules);
  }

  watch(listener: (joules: bigint) => void): () => void {
    return this.#store.watch(this.#key(), (value) => listener(joulesOf(value)));
  }

  #key(): string {
    const team = this.#store.team();
    if (team === undefined) throw new CausewayError('server_lost', 'not in the room yet');
    return `EnergyLink${team}`;
  }
}
