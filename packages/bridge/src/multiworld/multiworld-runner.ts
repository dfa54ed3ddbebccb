import {
  type ClientPacket,
  ClientStatus,
  type Connected,
  categoryOf,
  type Decoded,
  type InvalidPacket,
  type Json,
  type PrintJSON,
  plainText,
  type ReceivedItems,
  type Retrieved,
  type RoomInfo,
  renderText,
  type ServerPacket,
  stripControls,
  Tag,
} from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import { CheckLedger } from './check-ledger.js';
import type { BounceTarget, MultiworldClient } from './client-contract.js';
import type { Connection, ConnectionEnd } from './connection.js';
import type { Death, MultiworldStatus, StorageOperation } from './contract.js';
import { DeathLink, isDeathLink } from './death-link.js';
import { EventQueue } from './event-queue.js';
import { type ItemChange, ItemList } from './item-list.js';
import { Link } from './link.js';
import { NameSource } from './name-source.js';
import type { ResolvedOptions } from './open-multiworld.js';
import type { CallOptions } from './pending-requests.js';
import { type ReplayGroup, ReplayGuard } from './replay-guard.js';
import type { ReceivedItem, Room, RoomNames } from './room.js';
import { type RoomDetails, RoomState } from './room-state.js';
import { type ScoutOptions, Scouts } from './scouts.js';
import { SlotLogin } from './slot-login.js';
import { sayable } from './spoken.js';
import { Storage, type StoredValue, setPacket, storageMistake, type WatchListener } from './storage.js';

/** Most writes kept for the next login. */
const MAX_WAITING_WRITES = 1_000;
const RACE_KEY = '_read_race_mode';
const BARRIER = 'causeway_barrier';

/** Puts the parts together: what the link brings goes to the part it concerns, what the owner wants goes out. */
export class MultiworldRunner implements MultiworldClient {
  readonly #options: ResolvedOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #events: EventQueue;
  readonly #link: Link;
  readonly #login: SlotLogin;
  readonly #names: NameSource;
  readonly #state = new RoomState();
  readonly #items = new ItemList();
  readonly #checks = new CheckLedger();
  readonly #deaths = new DeathLink();
  readonly #guard = new ReplayGuard();
  readonly #storage: Storage;
  readonly #scouts: Scouts;
  readonly #tags: Set<string>;
  #tagsSent = '';
  #status: MultiworldStatus = 'connecting';
  #room: Room | undefined;
  #roomChanged = false;
  #info: RoomInfo | undefined;
  #joinedAt: number | undefined;
  #barrier = 0;
  #goal = false;
  #playing = false;
  #writes: ClientPacket[] = [];
  #flushing = false;
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#tags = new Set(options.tags);
    this.#events = new EventQueue(options.onEvent, options.logger);
    this.#storage = new Storage(options.clock, options.requestPrefix, (error) => this.#problem(error));
    this.#scouts = new Scouts(options.clock);
    this.#names = new NameSource(options.dataPackages, options.logger, (game) => {
      this.#link.connection?.send([{ cmd: 'GetDataPackage', games: [game] }]);
    });
    this.#login = new SlotLogin({
      credentials: options.credentials,
      password: options.password,
      packages: options.dataPackages,
      timeoutMs: options.timeoutMs,
      tags: () => this.#currentTags(),
      barrier: () => this.#barrierPacket(),
      isCurrent: (connection) => this.#link.connection === connection,
      refused: (reasons, error) => this.#refused(reasons, error),
      failed: (error) => this.#problem(error),
    });
    this.#link = new Link(options, {
      dialling: () => {
        this.#status = 'connecting';
      },
      opened: (connection) => connection.expect('greet', options.timeoutMs),
      message: (connection, commands) => this.#message(connection, commands),
      lost: (end, retryInMs) => this.#lost(end, retryInMs),
    });
  }

  /** Begins. Nothing reaches the owner before this. */
  start(): void {
    if (!this.#closing) this.#link.dial();
  }

  get status(): MultiworldStatus {
    return this.#status;
  }

  get room(): Room | undefined {
    if (this.#roomChanged) {
      this.#room = this.#state.snapshot(this.#items.items, this.#checks.locations ?? new Set(), this.#checks.checked);
      this.#roomChanged = false;
    }
    return this.#room;
  }

  get names(): RoomNames {
    return this.#names.book;
  }

  get details(): RoomDetails | undefined {
    return this.#state.details;
  }

  get pendingChecks(): readonly number[] {
    return this.#checks.pending;
  }

  check(locations: Iterable<number>): void {
    this.#checks.report(locations);
    this.#scheduleFlush();
  }

  goal(): void {
    if (this.#goal) return;
    this.#goal = true;
    if (this.#joined) this.#send(this.#statusPackets());
  }

  playing(on: boolean): void {
    if (this.#playing === on) return;
    this.#playing = on;
    if (this.#joined && !this.#goal) {
      this.#send([{ cmd: 'StatusUpdate', status: on ? ClientStatus.playing : ClientStatus.connected }]);
    }
  }

  say(text: string): boolean {
    const spoken = sayable(text);
    return spoken !== '' && this.#joined && this.#send([{ cmd: 'Say', text: spoken }]);
  }

  death(death: Omit<Death, 'time'>): void {
    if (!this.#joined || !this.#tags.has(Tag.deathLink)) return;
    const packet = this.#deaths.send(death, this.#clock.now());
    if (packet) this.#send([packet]);
  }

  tag(name: string, on: boolean): void {
    if (on) this.#tags.add(name);
    else this.#tags.delete(name);
    this.#scheduleFlush();
  }

  scout(locations: readonly number[], options: ScoutOptions = {}): Promise<readonly ReceivedItem[]> {
    if (!this.#joined) return Promise.reject(new CausewayError('server_lost', 'not in the room'));
    const known = this.#checks.locations ?? new Set();
    return this.#scouts.ask(locations, known, options, (packet) => this.#send([packet]));
  }

  store(key: string, operations: readonly StorageOperation[], defaultValue?: Json): void {
    const mistake = storageMistake(key, operations);
    if (mistake !== undefined) {
      this.#problem(new CausewayError('server_invalid_packet', `cannot store ${key}: ${mistake}`));
      return;
    }
    const packet = setPacket(key, operations, defaultValue);
    if (this.#joined && this.#send([packet])) return;
    if (this.#writes.length < MAX_WAITING_WRITES) this.#writes.push(packet);
    else this.#problem(new CausewayError('server_lost', `too many writes wait for the room; ${key} is dropped`));
  }

  get(keys: readonly string[], options: CallOptions = {}): Promise<Readonly<Record<string, Json>>> {
    return this.#storage.get(keys, options, (packet) => this.#joined && this.#send([packet]));
  }

  set(
    key: string,
    operations: readonly StorageOperation[],
    { default: defaultValue, ...call }: CallOptions & { readonly default?: Json } = {},
  ): Promise<StoredValue> {
    const mistake = storageMistake(key, operations);
    if (mistake !== undefined) {
      return Promise.reject(new CausewayError('server_invalid_packet', `cannot store ${key}: ${mistake}`));
    }
    return this.#storage.set(key, operations, defaultValue, call, (packet) => this.#joined && this.#send([packet]));
  }

  watch(key: string, listener: WatchListener): () => void {
    const { stop } = this.#storage.watch(key, listener);
    if (this.#joined) this.#send(this.#storage.subscription([key]));
    return stop;
  }

  bounce(target: BounceTarget, data?: Json): boolean {
    return this.#joined && this.#send([{ cmd: 'Bounce', ...target, ...(data === undefined ? {} : { data }) }]);
  }

  reconnect(): void {
    if (this.#status !== 'waiting' && this.#status !== 'refused') return;
    this.#link.dialAfresh();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#flush();
    this.#status = 'closed';
    this.#events.end();
    this.#rejectAll(new CausewayError('server_lost', 'the multiworld was closed'));
    await this.#link.stop();
  }

  get #joined(): boolean {
    return this.#status === 'joined';
  }

  // What the link brings.

  #message(connection: Connection, commands: readonly Decoded<ServerPacket>[]): void {
    this.#events.during(() => {
      for (const command of commands) {
        // A refusal in the middle of a message ends the connection; what follows is nobody's business any more.
        if (this.#link.connection !== connection) return;
        try {
          this.#command(connection, command);
        } catch (error) {
          this.#problem(error);
        }
      }
    });
  }

  #command(connection: Connection, command: Decoded<ServerPacket>): void {
    if (command.kind === 'packet') {
      this.#packet(connection, command.packet);
    } else if (command.kind === 'unknown') {
      this.#logger.debug('multiworld.unknown_command', { cmd: command.cmd });
    } else {
      const { cmd, problem } = command;
      this.#problem(new CausewayError('server_malformed', `${cmd ?? 'a message'} of the server: ${problem}`));
    }
  }

  #packet(connection: Connection, packet: ServerPacket): void {
    if (packet.cmd === 'RoomInfo') {
      if (this.#joinedAt === undefined && this.#info === undefined) this.#greeted(connection, packet);
      return;
    }
    if (packet.cmd === 'DataPackage') {
      this.#names.receive(packet);
      return;
    }
    if (packet.cmd === 'InvalidPacket') {
      this.#invalid(packet);
      return;
    }
    if (!this.#joined) {
      if (packet.cmd === 'Connected' && this.#info) this.#connected(connection, packet, this.#info);
      else if (packet.cmd === 'ConnectionRefused') this.#login.refuse(connection, packet);
      return;
    }
    this.#roomPacket(connection, packet);
  }

  #roomPacket(connection: Connection, packet: ServerPacket): void {
    switch (packet.cmd) {
      case 'ReceivedItems':
        this.#received(connection, packet);
        break;
      case 'RoomUpdate':
        this.#state.update(packet);
        this.#roomChanged = true;
        this.#names.book.seat(this.#state.players);
        this.#checked(this.#checks.acknowledge(packet.checked_locations ?? []));
        break;
      case 'PrintJSON':
        this.#print(packet);
        break;
      case 'Print':
        this.#events.push({ kind: 'text', text: stripControls(packet.text), category: '', topic: 'server' });
        break;
      case 'LocationInfo':
        this.#scouts.answer(packet);
        break;
      case 'Retrieved':
        this.#retrieved(packet);
        break;
      case 'SetReply':
        this.#storage.replied(packet);
        break;
      case 'Bounced': {
        if (isDeathLink(packet)) {
          const death = this.#tags.has(Tag.deathLink) && this.#deaths.receive(packet, this.#clock.now());
          if (death) this.#events.push({ kind: 'death', death });
          break;
        }
        const { cmd: _, ...data } = packet;
        this.#events.push({ kind: 'bounced', data: data as Readonly<Record<string, Json>> });
        break;
      }
    }
  }

  #greeted(connection: Connection, info: RoomInfo): void {
    connection.arrived();
    const expected = this.#options.expectSeed ?? this.#state.seat?.seed;
    if (expected !== undefined && expected !== info.seed_name) {
      const message = `this room has the seed ${info.seed_name}, the game belongs to ${expected}`;
      const error = new CausewayError('server_seed_mismatch', message, {
        context: { expected, seed: info.seed_name },
      });
      this.#refused(['SeedMismatch'], error);
      return;
    }
    this.#info = info;
    this.#state.greet(info);
    this.#names.greet(info);
    this.#login.begin(connection, info);
  }

  #connected(connection: Connection, packet: Connected, info: RoomInfo): void {
    const before = this.#state.seat;
    if (before && (before.slot !== packet.slot || before.team !== packet.team)) {
      this.#refused(
        ['SlotChanged'],
        new CausewayError('server_refused_slot', `slot ${before.slot} has become slot ${packet.slot}`),
      );
      return;
    }
    connection.arrived();
    this.#status = 'joined';
    this.#joinedAt = this.#clock.now();
    this.#state.login(packet, info.seed_name);
    this.#names.book.seat(this.#state.players);
    this.#items.begin();
    const reported = new Set(this.#checks.pending);
    const news = this.#checks.login(packet.missing_locations, packet.checked_locations);
    this.#roomChanged = true;
    const { room } = this;
    if (room) this.#events.push(() => ({ kind: 'joined', room: this.room ?? room, rejoined: before !== undefined }));
    this.#checked(before ? news : news.filter((id) => reported.has(id)));
    this.#replay();
  }

  #received(connection: Connection, { index, items }: ReceivedItems): void {
    const resyncing = this.#items.resyncing;
    const change = this.#items.apply(index, items);
    if (resyncing && !this.#items.resyncing) connection.arrived();
    if (change.kind !== 'gap') {
      this.#itemsChanged(change);
      return;
    }
    this.#logger.warn('multiworld.items_missing', { index, known: this.#items.items.length });
    this.#checks.resend();
    connection.expect('send the items again', this.#options.timeoutMs);
    this.#send([{ cmd: 'Sync' }]);
    this.#flush();
  }

  #itemsChanged(change: ItemChange): void {
    if (change.kind === 'none' || change.kind === 'gap') return;
    this.#roomChanged = true;
    const replaced = change.kind === 'replaced';
    if (replaced) this.#logger.warn('multiworld.items_replaced', { items: change.items.length });
    this.#events.push({ kind: 'items', items: change.items, replaced });
  }

  #checked(locations: readonly number[]): void {
    if (locations.length === 0) return;
    this.#roomChanged = true;
    this.#events.push({ kind: 'checked', locations });
  }

  #print(packet: PrintJSON): void {
    const isOwn = (slot: number): boolean => this.#state.isOwn(slot);
    const { book } = this.#names;
    const parts = renderText(packet, {
      item: (id, slot) => book.item(id, slot),
      location: (id, slot) => book.location(id, slot),
      player: (slot) => book.player(slot),
      isOwn,
    });
    this.#events.push({
      kind: 'text',
      text: plainText(parts),
      category: packet.type ?? '',
      topic: categoryOf(packet, isOwn),
      parts,
    });
  }

  #retrieved(packet: Retrieved): void {
    if (packet[BARRIER] !== this.#barrier) {
      this.#storage.retrieved(packet);
      return;
    }
    const race = packet.keys[RACE_KEY];
    if (typeof race === 'number') this.#state.race(race !== 0);
    this.#itemsChanged(this.#items.settle());
    if (this.#guard.careful) this.#probe(this.#guard.next());
  }

  #invalid({ original_cmd: cmd, text, type }: InvalidPacket): void {
    const error = new CausewayError('server_invalid_packet', `the server refused ${cmd ?? 'a packet'}: ${text}`, {
      context: { cmd: cmd ?? null, type },
    });
    if (cmd === 'LocationScouts') this.#scouts.refuse(error);
    if (cmd === 'Set' || cmd === 'Get') this.#storage.refuse(cmd, error);
    this.#problem(error);
  }

  #lost({ code, error }: ConnectionEnd, retryInMs: number): void {
    const since = this.#joinedAt === undefined ? Number.POSITIVE_INFINITY : this.#clock.now() - this.#joinedAt;
    const culprit = this.#guard.closed(code, since);
    if (culprit !== undefined) {
      const message = `the server fails over our "${culprit}"; it is held back`;
      this.#problem(new CausewayError('server_invalid_packet', message, { context: { held: culprit } }));
    }
    this.#status = 'waiting';
    this.#forgetConnection();
    this.#rejectAll(error);
    this.#events.push({ kind: 'lost', error, retryInMs });
  }

  #refused(reasons: readonly string[], error: CausewayError): void {
    this.#status = 'refused';
    this.#forgetConnection();
    void this.#link.stop();
    this.#rejectAll(error);
    this.#events.push({ kind: 'refused', reasons, error });
  }

  #forgetConnection(): void {
    this.#info = undefined;
    this.#joinedAt = undefined;
  }

  // What goes out.

  /** Everything a server that has just let us in must hear again (`archipelago.md` §8.4). */
  #replay(): void {
    const watched = this.#storage.watchedKeys;
    const perKey = this.#guard.careful || watched.some((key) => this.#guard.isHeld(`watching ${key}`));
    const checks = this.#checks.takeUnsent();
    const groups: readonly ReplayGroup[] = [
      { label: 'checks', packets: checks.length > 0 ? [{ cmd: 'LocationChecks', locations: checks }] : [] },
      { label: 'status', packets: this.#statusPackets() },
      ...(perKey
        ? watched.map((key) => ({ label: `watching ${key}`, packets: this.#storage.subscription([key]) }))
        : [{ label: 'watching', packets: this.#storage.subscription(watched) }]),
    ];
    if (this.#guard.careful) {
      this.#probe(this.#guard.begin(groups));
    } else {
      this.#send([...this.#guard.begin(groups), ...this.#writes.splice(0)]);
    }
    this.#scheduleFlush();
  }

  #probe(packets: readonly ClientPacket[]): void {
    if (packets.length > 0) this.#send([...packets, this.#barrierPacket()]);
  }

  #statusPackets(): readonly ClientPacket[] {
    if (this.#goal) return [{ cmd: 'StatusUpdate', status: ClientStatus.goal }];
    return this.#playing ? [{ cmd: 'StatusUpdate', status: ClientStatus.playing }] : [];
  }

  /** Answered only when all before it has been handled. Before login it is ignored, so it can travel with the login. */
  #barrierPacket(): ClientPacket {
    this.#barrier += 1;
    return { cmd: 'Get', keys: [RACE_KEY], [BARRIER]: this.#barrier };
  }

  #currentTags(): readonly string[] {
    const tags = [...this.#tags];
    this.#tagsSent = tags.toSorted().join('\n');
    return tags;
  }

  /** Checks and tags of one instant go out together. */
  #scheduleFlush(): void {
    if (this.#flushing || !this.#joined) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (!this.#joined) return;
    const packets: ClientPacket[] = [];
    const locations = this.#guard.isHeld('checks') ? [] : this.#checks.takeUnsent();
    if (locations.length > 0) packets.push({ cmd: 'LocationChecks', locations });
    if ([...this.#tags].toSorted().join('\n') !== this.#tagsSent) {
      packets.push({ cmd: 'ConnectUpdate', tags: this.#currentTags() });
    }
    if (packets.length > 0) this.#send(packets);
  }

  #send(packets: readonly ClientPacket[]): boolean {
    const unsent = this.#link.connection?.send(packets) ?? packets;
    if (unsent.length === 0) return true;
    const commands = [...new Set(unsent.map(({ cmd }) => cmd))].join(', ');
    this.#problem(
      new CausewayError('server_invalid_packet', `too large for the server, or too much waits: ${commands}`),
    );
    return false;
  }

  #rejectAll(error: CausewayError): void {
    this.#storage.rejectAll(error);
    this.#scouts.rejectAll(error);
  }

  #problem(cause: unknown): void {
    this.#events.push({ kind: 'problem', error: CausewayError.from(cause) });
  }
}
