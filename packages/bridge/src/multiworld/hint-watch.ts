import type { Json } from '@causeway/protocol/archipelago';
import type { EventQueue } from './event-queue.js';
import { HintList, type RoomHint } from './hint-list.js';
import type { Storage } from './storage.js';

/** Follows the hints of the slot, through every later login. */
export class HintWatch {
  readonly #list = new HintList();
  readonly #storage: Storage;
  readonly #events: EventQueue;
  #watching = false;
  #first = true;

  constructor(storage: Storage, events: EventQueue) {
    this.#storage = storage;
    this.#events = events;
  }

  get hints(): readonly RoomHint[] {
    return this.#list.hints;
  }

  /** The slot is known. A key watched once is subscribed to and read again at every login. */
  begin(team: number, slot: number): void {
    if (this.#watching) return;
    this.#watching = true;
    this.#storage.watch(`_read_hints_${team}_${slot}`, (value) => this.#receive(value));
  }

  #receive(value: Json): void {
    const changes = this.#list.receive(value);
    const first = this.#first && Array.isArray(value);
    if (first) this.#first = false;
    if (changes.length === 0) return;
    this.#events.push({ kind: 'hints', hints: this.#list.hints, changes, first });
  }
}
