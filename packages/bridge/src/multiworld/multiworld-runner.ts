import {
  type Connected,
  type Decoded,
  hostAndPort,
  type ReceivedItems,
  type Retrieved,
  type RoomInfo,
  type ServerPacket,
  stripControls,
} from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { Connection, ConnectionEnd } from './connection.js';
import type { MultiworldStatus } from './contract.js';
import { EventQueue } from './event-queue.js';
import { HintWatch } from './hint-watch.js';
import { ItemsMode } from './items-mode.js';
import { Link, type LinkHandlers } from './link.js';
import { NameSource } from './name-source.js';
import type { ResolvedOptions } from './open-multiworld.js';
import { Outbox } from './outbox.js';
import { RoomFollower } from './room-follower.js';
import { RoomKeeper } from './room-keeper.js';
import { RoomRequests } from './room-requests.js';
import { SlotLogin } from './slot-login.js';
import { StandingWishes } from './standing-wishes.js';
import { Storage } from './storage.js';

/** Puts the parts together: what the link brings goes to the part it concerns, and what must be said goes out in time. */
export class MultiworldRunner {
  readonly #options: ResolvedOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #events: EventQueue;
  readonly #link: Link;
  readonly #login: SlotLogin;
  readonly names: NameSource;
  readonly keeper: RoomKeeper;
  readonly wishes: StandingWishes;
  readonly requests: RoomRequests;
  readonly hints: HintWatch;
  readonly outbox: Outbox;
  readonly #mode: ItemsMode;
  #status: MultiworldStatus = 'connecting';
  /** The greeting of this connection. */
  #info: RoomInfo | undefined;
  #joinedAt: number | undefined;
  /** Why the last connection was lost; none since the last login. */
  #lostBy: CausewayError | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#events = new EventQueue(options.onEvent, options.logger);
    this.names = new NameSource(options.dataPackages, options.logger, (game) => {
      this.#link.connection?.send([{ cmd: 'GetDataPackage', games: [game] }]);
    });
    this.keeper = new RoomKeeper(this.names, this.#events, options.logger);
    const { clock } = options;
    const { checks } = this.keeper;
    const storage = new Storage(clock, options.requestPrefix, (error) => this.#problem(error));
    this.wishes = new StandingWishes(checks, storage, options.tags);
    this.outbox = new Outbox({
      wishes: this.wishes,
      connection: () => this.#link.connection,
      joined: () => this.joined,
      problem: (error) => this.#problem(error),
    });
    this.hints = new HintWatch(storage, this.#events);
    this.#mode = new ItemsMode(options.credentials.itemsHandling);
    this.requests = new RoomRequests({
      clock,
      random: options.random,
      checks,
      storage,
      wishes: this.wishes,
      events: this.#events,
      send: (packets) => this.outbox.sendIfJoined(packets),
      own: () => this.keeper.room,
    });
    this.#login = new SlotLogin({
      credentials: options.credentials,
      password: options.password,
      packages: options.dataPackages,
      timeoutMs: options.timeoutMs,
      tags: () => this.wishes.tellTags(),
      itemsHandling: () => this.#mode.tell(),
      barrier: () => this.outbox.barrier(),
      isCurrent: (connection) => this.#link.connection === connection,
      refused: (reasons, error) => this.#refused(reasons, error),
      failed: (error) => this.#problem(error),
    });
    const handlers: LinkHandlers = {
      dialling: () => {
        this.#status = 'connecting';
      },
      opened: (connection) => connection.expect('greet', options.timeoutMs),
      message: (connection, commands) => this.#message(connection, commands),
      lost: (end, retryInMs) => this.#lost(end, retryInMs),
      moved: (address) => this.#events.push({ kind: 'moved', address: hostAndPort(address) }),
      stayed: () => this.#stayed(),
    };
    this.#link = new Link(options, handlers, this.#follower(options));
  }

  #follower({ roomPage: page, fetch, clock, logger }: ResolvedOptions): RoomFollower | undefined {
    // A room nobody plays in is left asleep, however long this program runs.
    const wanted = (): boolean =>
      this.keeper.room === undefined || this.wishes.isPlaying || this.keeper.checks.pending.length > 0;
    return page && new RoomFollower({ page, fetch, clock, logger, wanted });
  }

  /** Begins. Nothing reaches the owner before this. */
  start(): void {
    if (this.#status === 'connecting') this.#link.dial();
  }

  get status(): MultiworldStatus {
    return this.#status;
  }

  get joined(): boolean {
    return this.#status === 'joined';
  }

  reconnect(): void {
    if (['waiting', 'left', 'refused'].includes(this.#status)) this.#link.dialAfresh();
  }

  disconnect(): void {
    if (this.#closing) return;
    this.outbox.flush();
    this.#status = 'left';
    this.#forgetConnection();
    void this.#link.stop();
    this.requests.rejectAll(new CausewayError('server_lost', 'left the room'));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.outbox.flush();
    this.#status = 'closed';
    this.#events.end();
    this.requests.rejectAll(new CausewayError('server_lost', 'the multiworld was closed'));
    await this.#link.stop();
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
      this.names.receive(packet);
      return;
    }
    if (packet.cmd === 'InvalidPacket') {
      this.requests.refused(packet);
      return;
    }
    if (!this.joined) {
      if (packet.cmd === 'Connected' && this.#info) this.#connected(connection, packet, this.#info);
      else if (packet.cmd === 'ConnectionRefused' && this.#info) this.#login.refuse(connection, packet);
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
        this.keeper.update(packet);
        break;
      case 'PrintJSON':
        this.keeper.print(packet);
        break;
      case 'Print':
        this.#events.push({ kind: 'text', text: stripControls(packet.text), category: '', topic: 'server' });
        break;
      case 'Retrieved':
        this.#retrieved(connection, packet);
        break;
      case 'LocationInfo':
      case 'SetReply':
      case 'Bounced':
        this.requests.receive(packet);
        break;
    }
  }

  #greeted(connection: Connection, info: RoomInfo): void {
    connection.arrived();
    const expected = this.#options.expectSeed ?? this.keeper.room?.seed;
    if (expected !== undefined && expected !== info.seed_name) {
      const message = `this room has the seed ${info.seed_name}, the game belongs to ${expected}`;
      const error = new CausewayError('server_seed_mismatch', message, {
        context: { expected, seed: info.seed_name },
      });
      // Another room may have got the port of one that moved; its page knows.
      if (this.#link.follows) connection.fail(error);
      else this.#refused(['SeedMismatch'], error);
      return;
    }
    this.#info = info;
    this.keeper.greet(info);
    this.#login.begin(connection, info);
  }

  #connected(connection: Connection, packet: Connected, info: RoomInfo): void {
    if (!this.keeper.fits(packet)) {
      const message = `the login leads to slot ${packet.slot}, the one before led to slot ${this.keeper.room?.slot}`;
      this.#refused(['SlotChanged'], new CausewayError('server_refused_slot', message));
      return;
    }
    connection.arrived();
    this.#status = 'joined';
    this.#joinedAt = this.#clock.now();
    this.#lostBy = undefined;
    this.#link.arrived();
    this.keeper.login(packet, info.seed_name);
    if (this.#options.hints) this.hints.begin(packet.team, packet.slot);
    this.outbox.replay();
    this.#switchItems();
  }

  #received(connection: Connection, packet: ReceivedItems): void {
    const { resyncing } = this.keeper;
    const gap = this.keeper.receive(packet);
    if (resyncing && !this.keeper.resyncing) connection.arrived();
    if (!gap) return;
    this.keeper.checks.resend();
    connection.expect('send the items again', this.#options.timeoutMs);
    this.outbox.send([{ cmd: 'Sync' }, ...this.outbox.news()]);
  }

  #retrieved(connection: Connection, packet: Retrieved): void {
    const step = this.#mode.passed(packet);
    if (step) this.keeper.passSwitch(step);
    if (step === 'sent') connection.arrived();
    if (this.outbox.isBarrier(packet)) this.keeper.settle(this.outbox.passed(packet));
    else this.requests.receive(packet);
  }

  #lost({ code, error }: ConnectionEnd, retryInMs: number): void {
    const since = this.#joinedAt === undefined ? undefined : this.#clock.now() - this.#joinedAt;
    this.outbox.closed(code, since);
    this.#status = 'waiting';
    this.#lostBy = error;
    this.#forgetConnection();
    this.requests.rejectAll(error);
    this.#events.push({ kind: 'lost', error, retryInMs });
  }

  /** The room is where we thought: if another seed is played there, it is the wrong room. */
  #stayed(): void {
    const error = this.#lostBy;
    if (error?.code === 'server_seed_mismatch') this.#refused(['SeedMismatch'], error);
  }

  #refused(reasons: readonly string[], error: CausewayError): void {
    this.#status = 'refused';
    this.#forgetConnection();
    void this.#link.stop();
    this.requests.rejectAll(error);
    this.#events.push({ kind: 'refused', reasons, error });
  }

  #forgetConnection(): void {
    this.#info = undefined;
    this.#joinedAt = undefined;
  }

  // What goes out.

  receiveItems(itemsHandling: number): void {
    this.#mode.want(itemsHandling);
    if (this.joined) this.#switchItems();
  }

  /** Also after a login that was under way when another choice was made. */
  #switchItems(): void {
    const packets = this.#mode.news();
    if (packets.length === 0) return;
    this.keeper.beginSwitch();
    this.#link.connection?.expect('send the other items', this.#options.timeoutMs);
    this.outbox.send(packets);
  }

  #problem(cause: unknown): void {
    this.#events.push({ kind: 'problem', error: CausewayError.from(cause) });
  }
}
