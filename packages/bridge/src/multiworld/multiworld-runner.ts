import {
  type Bounced,
  type ClientPacket,
  type Connected,
  type Decoded,
  type InvalidPacket,
  type Json,
  type ReceivedItems,
  type Retrieved,
  type RoomInfo,
  type ServerPacket,
  stripControls,
  Tag,
} from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { BounceTarget, HintWishes, MultiworldClient } from './client-contract.js';
import type { Connection, ConnectionEnd } from './connection.js';
import type { Death, MultiworldStatus, StorageOperation } from './contract.js';
import { DeathLink, isDeathLink } from './death-link.js';
import { EventQueue } from './event-queue.js';
import { Link } from './link.js';
import { NameSource } from './name-source.js';
import type { ResolvedOptions } from './open-multiworld.js';
import type { CallOptions } from './pending-requests.js';
import { ReplayGuard } from './replay-guard.js';
import type { ReceivedItem, Room, RoomNames } from './room.js';
import { RoomKeeper } from './room-keeper.js';
import type { RoomDetails } from './room-state.js';
import { type ScoutOptions, Scouts } from './scouts.js';
import { SlotLogin } from './slot-login.js';
import { sayable } from './spoken.js';
import { StandingWishes } from './standing-wishes.js';
import { Storage, type StoredValue, setPacket, storageMistake, type WatchListener } from './storage.js';

const RACE_KEY = '_read_race_mode';
const BARRIER = 'causeway_barrier';

const notJoined = (): CausewayError => new CausewayError('server_lost', 'not in the room');

/** Puts the parts together: what the link brings goes to the part it concerns, what the owner wants goes out. */
export class MultiworldRunner implements MultiworldClient {
  readonly #options: ResolvedOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #events: EventQueue;
  readonly #link: Link;
  readonly #login: SlotLogin;
  readonly #names: NameSource;
  readonly #keeper: RoomKeeper;
  readonly #wishes: StandingWishes;
  readonly #storage: Storage;
  readonly #scouts: Scouts;
  readonly #deaths = new DeathLink();
  readonly #guard = new ReplayGuard();
  #status: MultiworldStatus = 'connecting';
  /** The greeting of this connection. */
  #info: RoomInfo | undefined;
  #joinedAt: number | undefined;
  #barrier = 0;
  #flushing = false;
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#events = new EventQueue(options.onEvent, options.logger);
    this.#storage = new Storage(options.clock, options.requestPrefix, (error) => this.#problem(error));
    this.#scouts = new Scouts(options.clock);
    this.#names = new NameSource(options.dataPackages, options.logger, (game) => {
      this.#link.connection?.send([{ cmd: 'GetDataPackage', games: [game] }]);
    });
    this.#keeper = new RoomKeeper(this.#names, this.#events, options.logger);
    this.#wishes = new StandingWishes(this.#keeper.checks, this.#storage, options.tags);
    this.#login = new SlotLogin({
      credentials: options.credentials,
      password: options.password,
      packages: options.dataPackages,
      timeoutMs: options.timeoutMs,
      tags: () => this.#wishes.tellTags(),
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
    return this.#keeper.room;
  }

  get names(): RoomNames {
    return this.#names.book;
  }

  get details(): RoomDetails | undefined {
    return this.#keeper.details;
  }

  get pendingChecks(): readonly number[] {
    return this.#keeper.checks.pending;
  }

  check(locations: Iterable<number>): void {
    this.#keeper.checks.report(locations);
    this.#scheduleFlush();
  }

  goal(): void {
    this.#sendIfJoined(this.#wishes.goal());
  }

  playing(on: boolean): void {
    this.#sendIfJoined(this.#wishes.playing(on));
  }

  say(text: string): boolean {
    const spoken = sayable(text);
    return spoken !== '' && this.#sendIfJoined([{ cmd: 'Say', text: spoken }]);
  }

  death(death: Omit<Death, 'time'>): void {
    if (!this.#joined || !this.#wishes.has(Tag.deathLink)) return;
    const packet = this.#deaths.send(death, this.#clock.now());
    if (packet) this.#send([packet]);
  }

  tag(name: string, on: boolean): void {
    this.#wishes.tag(name, on);
    this.#scheduleFlush();
  }

  scout(locations: readonly number[], options: ScoutOptions = {}): Promise<readonly ReceivedItem[]> {
    if (!this.#joined) return Promise.reject(notJoined());
    const known = this.#keeper.checks.locations ?? new Set();
    return this.#scouts.ask(locations, known, options, (packet) => this.#send([packet]));
  }

  store(key: string, operations: readonly StorageOperation[], defaultValue?: Json): void {
    const mistake = this.#storageMistake(key, operations);
    if (mistake) {
      this.#problem(mistake);
      return;
    }
    const packet = setPacket(key, operations, defaultValue);
    if (this.#sendIfJoined([packet]) || this.#wishes.keepWrite(packet)) return;
    this.#problem(new CausewayError('server_lost', `too many writes wait for the room; ${key} is dropped`));
  }

  get(keys: readonly string[], options: CallOptions = {}): Promise<Readonly<Record<string, Json>>> {
    return this.#storage.get(keys, options, (packet) => this.#sendIfJoined([packet]));
  }

  set(
    key: string,
    operations: readonly StorageOperation[],
    { default: defaultValue, ...call }: CallOptions & { readonly default?: Json } = {},
  ): Promise<StoredValue> {
    const mistake = this.#storageMistake(key, operations);
    if (mistake) return Promise.reject(mistake);
    return this.#storage.set(key, operations, defaultValue, call, (packet) => this.#sendIfJoined([packet]));
  }

  watch(key: string, listener: WatchListener): () => void {
    const stop = this.#storage.watch(key, listener);
    this.#sendIfJoined(this.#storage.subscription([key]));
    return stop;
  }

  bounce(target: BounceTarget, data?: Json): boolean {
    if (target.tags?.includes(Tag.deathLink)) this.#deaths.recognise(data);
    return this.#sendIfJoined([{ cmd: 'Bounce', ...target, ...(data === undefined ? {} : { data }) }]);
  }

  createHints(locations: readonly number[], { player, status = 0 }: HintWishes = {}): boolean {
    const own = player === undefined || player === this.room?.slot;
    const known = this.#keeper.checks.locations;
    // One id the own slot lacks would cost the connection; for another slot the server merely refuses.
    const asked = own ? locations.filter((id) => known?.has(id)) : [...locations];
    if (asked.length === 0) return false;
    return this.#sendIfJoined([{ cmd: 'CreateHints', locations: asked, ...(own ? {} : { player }), status }]);
  }

  updateHint(player: number, location: number, status: number): boolean {
    return this.#sendIfJoined([{ cmd: 'UpdateHint', player, location, status }]);
  }

  reconnect(): void {
    if (this.#status === 'waiting' || this.#status === 'refused') this.#link.dialAfresh();
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
        this.#keeper.update(packet);
        break;
      case 'PrintJSON':
        this.#keeper.print(packet);
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
      case 'Bounced':
        this.#bounced(packet);
        break;
    }
  }

  #bounced(packet: Bounced): void {
    if (!isDeathLink(packet)) {
      const { cmd: _, ...data } = packet;
      this.#events.push({ kind: 'bounced', data: data as Readonly<Record<string, Json>> });
      return;
    }
    const death = this.#wishes.has(Tag.deathLink) && this.#deaths.receive(packet, this.#clock.now());
    if (death) this.#events.push({ kind: 'death', death });
  }

  #greeted(connection: Connection, info: RoomInfo): void {
    connection.arrived();
    const expected = this.#options.expectSeed ?? this.room?.seed;
    if (expected !== undefined && expected !== info.seed_name) {
      const message = `this room has the seed ${info.seed_name}, the game belongs to ${expected}`;
      const error = new CausewayError('server_seed_mismatch', message, {
        context: { expected, seed: info.seed_name },
      });
      this.#refused(['SeedMismatch'], error);
      return;
    }
    this.#info = info;
    this.#keeper.greet(info);
    this.#login.begin(connection, info);
  }

  #connected(connection: Connection, packet: Connected, info: RoomInfo): void {
    if (!this.#keeper.fits(packet)) {
      const message = `the login leads to slot ${packet.slot}, the one before led to slot ${this.room?.slot}`;
      this.#refused(['SlotChanged'], new CausewayError('server_refused_slot', message));
      return;
    }
    connection.arrived();
    this.#status = 'joined';
    this.#joinedAt = this.#clock.now();
    this.#keeper.login(packet, info.seed_name);
    this.#replay();
  }

  #received(connection: Connection, packet: ReceivedItems): void {
    const { resyncing } = this.#keeper;
    const gap = this.#keeper.receive(packet);
    if (resyncing && !this.#keeper.resyncing) connection.arrived();
    if (!gap) return;
    this.#keeper.checks.resend();
    connection.expect('send the items again', this.#options.timeoutMs);
    this.#send([{ cmd: 'Sync' }, ...this.#wishes.news(!this.#guard.isHeld('checks'))]);
  }

  #retrieved(packet: Retrieved): void {
    if (packet[BARRIER] !== this.#barrier) {
      this.#storage.retrieved(packet);
      return;
    }
    this.#keeper.settle(packet.keys[RACE_KEY]);
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

  #replay(): void {
    const groups = this.#wishes.replay(this.#guard.careful || this.#guard.holdsAny);
    if (this.#guard.careful) this.#probe(this.#guard.begin(groups));
    else this.#send([...this.#guard.begin(groups), ...this.#wishes.takeWrites()]);
    this.#scheduleFlush();
  }

  #probe(packets: readonly ClientPacket[]): void {
    if (packets.length > 0) this.#send([...packets, this.#barrierPacket()]);
  }

  /** Answered only when all before it has been handled. Before login it is ignored, so it can travel with the login. */
  #barrierPacket(): ClientPacket {
    this.#barrier += 1;
    return { cmd: 'Get', keys: [RACE_KEY], [BARRIER]: this.#barrier };
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
    if (this.#joined) this.#send(this.#wishes.news(!this.#guard.isHeld('checks')));
  }

  #sendIfJoined(packets: readonly ClientPacket[]): boolean {
    return this.#joined && this.#send(packets);
  }

  #storageMistake(key: string, operations: readonly StorageOperation[]): CausewayError | undefined {
    const mistake = storageMistake(key, operations);
    return mistake === undefined
      ? undefined
      : new CausewayError('server_invalid_packet', `cannot store ${key}: ${mistake}`);
  }

  #send(packets: readonly ClientPacket[]): boolean {
    if (packets.length === 0) return true;
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
