import type { Json } from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import type { BounceTarget, HintWishes, MultiworldClient } from './client-contract.js';
import type { Death, MultiworldStatus, StorageOperation } from './contract.js';
import type { SharedEnergy } from './energy-link.js';
import type { RoomHint } from './hint-list.js';
import type { MultiworldRunner } from './multiworld-runner.js';
import type { CallOptions } from './pending-requests.js';
import type { NameLists, ReceivedItem, Room } from './room.js';
import type { RoomDetails } from './room-state.js';
import type { ScoutOptions } from './scouts.js';
import type { StoredValue, WatchListener } from './storage.js';

/** The owner's side of a {@link MultiworldRunner}: each wish to the part that carries it out. */
export class JoinedSlot implements MultiworldClient {
  readonly #runner: MultiworldRunner;

  constructor(runner: MultiworldRunner) {
    this.#runner = runner;
  }

  get status(): MultiworldStatus {
    return this.#runner.status;
  }

  get room(): Room | undefined {
    return this.#runner.keeper.room;
  }

  get names(): NameLists {
    return this.#runner.names.book;
  }

  get details(): RoomDetails | undefined {
    return this.#runner.keeper.details;
  }

  get pendingChecks(): readonly number[] {
    return this.#runner.keeper.checks.pending;
  }

  get hints(): readonly RoomHint[] {
    return this.#runner.hints.hints;
  }

  get energy(): SharedEnergy {
    return this.#runner.requests.energy;
  }

  receiveItems(itemsHandling: number): void {
    this.#runner.receiveItems(itemsHandling);
  }

  check(locations: Iterable<number>): void {
    this.#runner.keeper.checks.report(locations);
    this.#runner.outbox.flushSoon();
  }

  goal(): void {
    this.#runner.outbox.sendIfJoined(this.#runner.wishes.goal());
  }

  playing(on: boolean): void {
    this.#runner.outbox.sendIfJoined(this.#runner.wishes.playing(on));
  }

  ready(on: boolean): void {
    this.#runner.outbox.sendIfJoined(this.#runner.wishes.ready(on));
  }

  tag(name: string, on: boolean): void {
    this.#runner.wishes.tag(name, on);
    this.#runner.outbox.flushSoon();
  }

  say(text: string): boolean {
    return this.#runner.requests.say(text);
  }

  death(death: Omit<Death, 'time'>): void {
    if (this.#runner.joined) this.#runner.requests.death(death);
  }

  trap(name: string): boolean {
    return this.#runner.joined && this.#runner.requests.trap(name);
  }

  ring(amount: number): boolean {
    return this.#runner.joined && this.#runner.requests.ring(amount);
  }

  async scout(locations: readonly number[], options: ScoutOptions = {}): Promise<readonly ReceivedItem[]> {
    if (!this.#runner.joined) throw new CausewayError('server_lost', 'not in the room');
    return this.#runner.requests.scout(locations, options);
  }

  store(key: string, operations: readonly StorageOperation[], defaultValue?: Json): void {
    this.#runner.requests.store(key, operations, defaultValue);
  }

  get(keys: readonly string[], options: CallOptions = {}): Promise<Readonly<Record<string, Json>>> {
    return this.#runner.requests.get(keys, options);
  }

  set(
    key: string,
    operations: readonly StorageOperation[],
    options: CallOptions & { readonly default?: Json } = {},
  ): Promise<StoredValue> {
    return this.#runner.requests.set(key, operations, options);
  }

  watch(key: string, listener: WatchListener): () => void {
    return this.#runner.requests.watch(key, listener);
  }

  bounce(target: BounceTarget, data?: Json): boolean {
    return this.#runner.requests.bounce(target, data);
  }

  createHints(locations: readonly number[], wishes: HintWishes = {}): boolean {
    return this.#runner.requests.createHints(locations, wishes);
  }

  updateHint(player: number, location: number, status: number): boolean {
    return this.#runner.requests.updateHint(player, location, status);
  }

  reconnect(): void {
    this.#runner.reconnect();
  }

  disconnect(): void {
    this.#runner.disconnect();
  }

  close(): Promise<void> {
    return this.#runner.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#runner.close();
  }
}
