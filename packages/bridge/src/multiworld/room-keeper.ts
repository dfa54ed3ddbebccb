import {
  type Connected,
  categoryOf,
  type PrintJSON,
  plainText,
  type ReceivedItems,
  type RoomInfo,
  type RoomUpdate,
  renderText,
  writePythonJson,
} from '@causeway/protocol/archipelago';
import type { Logger } from '../logger.js';
import { CheckLedger } from './check-ledger.js';
import type { EventQueue } from './event-queue.js';
import { type ItemChange, ItemList } from './item-list.js';
import type { NameSource } from './name-source.js';
import type { Room } from './room.js';
import { type RoomDetails, RoomState } from './room-state.js';

/** What the server has said of the room, kept over lost connections, and told to the owner where it is news. */
export class RoomKeeper {
  readonly checks = new CheckLedger();
  readonly #state = new RoomState();
  readonly #items = new ItemList();
  readonly #names: NameSource;
  readonly #events: EventQueue;
  readonly #logger: Logger;
  #room: Room | undefined;
  #stale = false;

  constructor(names: NameSource, events: EventQueue, logger: Logger) {
    this.#names = names;
    this.#events = events;
    this.#logger = logger;
  }

  /** A snapshot, made anew only after something has changed. */
  get room(): Room | undefined {
    if (this.#stale) {
      this.#room = this.#state.snapshot(this.#items.items, this.checks.locations ?? new Set(), this.checks.checked);
      this.#stale = false;
    }
    return this.#room;
  }

  get details(): RoomDetails | undefined {
    return this.#state.details(this.checks.locations?.size ?? 0);
  }

  /** Whether the whole item list has been asked for and is not here yet. */
  get resyncing(): boolean {
    return this.#items.resyncing;
  }

  greet(info: RoomInfo): void {
    this.#state.greet(info);
    this.#names.greet(info);
  }

  /** Whether a login is for the seat that all before it were for. */
  fits({ team, slot }: Connected): boolean {
    const { seat } = this.#state;
    return seat === undefined || (seat.team === team && seat.slot === slot);
  }

  /** A login. `joined` shows the room with all that came in the same message. */
  login(packet: Connected, seed: string): void {
    const rejoined = this.#state.seat !== undefined;
    this.#state.login(packet, seed);
    this.#names.book.seat(this.#state.players);
    this.#items.begin();
    const reported = new Set(this.checks.pending);
    const news = this.checks.login(packet.missing_locations, packet.checked_locations);
    this.#stale = true;
    const { room } = this;
    if (room) this.#events.push(() => ({ kind: 'joined', room: this.room ?? room, rejoined }));
    this.#tellChecked(rejoined ? news : news.filter((id) => reported.has(id)));
  }

  /** The server is told to send other items; see {@link ItemList.beginSwitch}. */
  beginSwitch(): void {
    this.#items.beginSwitch();
  }

  /** How far the server has come with that. */
  passSwitch(step: 'changed' | 'sent'): void {
    if (step === 'changed') this.#items.switched();
    else this.#tellItems(this.#items.endSwitch());
  }

  /** Returns whether entries are missing, so that the whole list must be asked for. */
  receive({ index, items }: ReceivedItems): boolean {
    const change = this.#items.apply(index, items);
    if (change.kind === 'gap')
      this.#logger.warn('multiworld.items_missing', { index, known: this.#items.items.length });
    this.#tellItems(change);
    return change.kind === 'gap';
  }

  /** The server has answered everything up to the login, so an item list that has not come is empty. */
  settle(race: unknown): void {
    if (typeof race === 'number') this.#noting(() => this.#state.race(race !== 0));
    this.#tellItems(this.#items.settle());
  }

  update(packet: RoomUpdate): void {
    const { players } = this.#state;
    this.#noting(() => this.#state.update(packet));
    this.#stale = true;
    if (this.#state.players !== players) this.#seat();
    this.#tellChecked(this.checks.acknowledge(packet.checked_locations ?? []));
  }

  print(packet: PrintJSON): void {
    const { book } = this.#names;
    const isOwn = (slot: number): boolean => this.#state.isOwn(slot);
    const parts = renderText(packet, {
      item: (id, slot) => book.item(id, slot),
      location: (id, slot) => book.location(id, slot),
      player: (slot) => book.player(slot),
      isOwn,
    });
    const category = packet.type ?? '';
    this.#events.push({ kind: 'text', text: plainText(parts), category, topic: categoryOf(packet, isOwn), parts });
  }

  #seat(): void {
    const { players } = this.#state;
    this.#names.book.seat(players);
    this.#events.push({ kind: 'players', players });
  }

  /** Tells of the details that `change` changes, if any: the server often repeats what it has said. */
  #noting(change: () => void): void {
    const before = writePythonJson(this.details);
    change();
    const { details } = this;
    if (details && writePythonJson(details) !== before) this.#events.push({ kind: 'details', details });
  }

  #tellItems(change: ItemChange): void {
    if (change.kind === 'none' || change.kind === 'gap') return;
    this.#stale = true;
    const replaced = change.kind === 'replaced';
    if (replaced) this.#logger.warn('multiworld.items_replaced', { items: change.items.length });
    this.#events.push({ kind: 'items', items: change.items, replaced });
  }

  #tellChecked(locations: readonly number[]): void {
    if (locations.length === 0) return;
    this.#stale = true;
    this.#events.push({ kind: 'checked', locations });
  }
}
