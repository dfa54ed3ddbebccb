import type {
  Bounced,
  ClientPacket,
  InvalidPacket,
  Json,
  LocationInfo,
  Retrieved,
  SetReply,
} from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import type { Clock, Random } from '../clock.js';
import { BounceLinks } from './bounce-links.js';
import type { CheckLedger } from './check-ledger.js';
import type { BounceTarget, HintWishes } from './client-contract.js';
import type { Death, StorageOperation } from './contract.js';
import { EnergyLink } from './energy-link.js';
import type { EventQueue } from './event-queue.js';
import type { CallOptions } from './pending-requests.js';
import type { ReceivedItem, Room } from './room.js';
import { type ScoutOptions, Scouts } from './scouts.js';
import { sayable } from './spoken.js';
import type { StandingWishes } from './standing-wishes.js';
import { type Storage, type StoredValue, setPacket, storageMistake, type WatchListener } from './storage.js';

export interface RoomRequestsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly checks: CheckLedger;
  readonly storage: Storage;
  readonly wishes: StandingWishes;
  readonly events: EventQueue;
  /** Sends now, in order; `false` while not in the room, and for what cannot be sent at all. */
  readonly send: (packets: readonly ClientPacket[]) => boolean;
  readonly own: () => Pick<Room, 'team' | 'slot' | 'players'> | undefined;
}

/** What can be asked and said only while in the room, and what comes back. */
export class RoomRequests {
  readonly #options: RoomRequestsOptions;
  readonly #send: (packets: readonly ClientPacket[]) => boolean;
  readonly #scouts: Scouts;
  readonly #links: BounceLinks;
  readonly energy: EnergyLink;

  constructor(options: RoomRequestsOptions) {
    this.#options = options;
    this.#send = options.send;
    this.#scouts = new Scouts(options.clock);
    const { clock, random, send, wishes } = options;
    this.#links = new BounceLinks({ clock, random, send, opted: (tag) => wishes.has(tag) });
    this.energy = new EnergyLink({
      team: () => options.own()?.team,
      get: (keys, call) => this.get(keys, call),
      set: (key, operations, call) => this.set(key, operations, call),
      watch: (key, listener) => this.watch(key, listener),
    });
  }

  say(text: string): boolean {
    const spoken = sayable(text);
    return spoken !== '' && this.#send([{ cmd: 'Say', text: spoken }]);
  }

  death(death: Omit<Death, 'time'>): void {
    this.#links.death(death);
  }

  trap(name: string): boolean {
    const own = this.#options.own();
    const player = own?.players.find(({ slot }) => slot === own.slot);
    return player !== undefined && this.#links.trap(name, player.name);
  }

  ring(amount: number): boolean {
    return this.#links.ring(amount);
  }

  scout(locations: readonly number[], options: ScoutOptions): Promise<readonly ReceivedItem[]> {
    const known = this.#options.checks.locations ?? new Set();
    return this.#scouts.ask(locations, known, options, (packet) => this.#send([packet]));
  }

  store(key: string, operations: readonly StorageOperation[], defaultValue: Json | undefined): void {
    const mistake = mistakeIn(key, operations);
    if (mistake) {
      this.#problem(mistake);
      return;
    }
    const packet = setPacket(key, operations, defaultValue);
    if (this.#send([packet]) || this.#options.wishes.keepWrite(packet)) return;
    this.#problem(new CausewayError('server_lost', `too many writes wait for the room; ${key} is dropped`));
  }

  get(keys: readonly string[], options: CallOptions): Promise<Readonly<Record<string, Json>>> {
    return this.#options.storage.get(keys, options, (packet) => this.#send([packet]));
  }

  set(
    key: string,
    operations: readonly StorageOperation[],
    { default: defaultValue, ...call }: CallOptions & { readonly default?: Json },
  ): Promise<StoredValue> {
    const mistake = mistakeIn(key, operations);
    if (mistake) return Promise.reject(mistake);
    return this.#options.storage.set(key, operations, defaultValue, call, (packet) => this.#send([packet]));
  }

  watch(key: string, listener: WatchListener): () => void {
    const { storage } = this.#options;
    const stop = storage.watch(key, listener);
    this.#send(storage.subscription([key]));
    return stop;
  }

  bounce(target: BounceTarget, data: Json | undefined): boolean {
    this.#links.recognise(target.tags, data);
    return this.#send([{ cmd: 'Bounce', ...target, ...(data === undefined ? {} : { data }) }]);
  }

  createHints(locations: readonly number[], { player, status = 0 }: HintWishes): boolean {
    const own = player === undefined || player === this.#options.own()?.slot;
    const known = this.#options.checks.locations;
    // One id the own slot lacks would cost the connection; for another slot the server merely refuses.
    const asked = own ? locations.filter((id) => known?.has(id)) : [...locations];
    if (asked.length === 0) return false;
    return this.#send([{ cmd: 'CreateHints', locations: asked, ...(own ? {} : { player }), status }]);
  }

  updateHint(player: number, location: number, status: number): boolean {
    return this.#send([{ cmd: 'UpdateHint', player, location, status }]);
  }

  receive(packet: LocationInfo | Retrieved | SetReply | Bounced): void {
    if (packet.cmd === 'LocationInfo') this.#scouts.answer(packet);
    else if (packet.cmd === 'Retrieved') this.#options.storage.retrieved(packet);
    else if (packet.cmd === 'SetReply') this.#options.storage.replied(packet);
    else for (const event of this.#links.receive(packet)) this.#options.events.push(event);
  }

  /** The server refused one of our packets: whoever waits for its answer waits no longer. */
  refused({ original_cmd: cmd, text, type }: InvalidPacket): void {
    const error = new CausewayError('server_invalid_packet', `the server refused ${cmd ?? 'a packet'}: ${text}`, {
      context: { cmd: cmd ?? null, type },
    });
    if (cmd === 'LocationScouts') this.#scouts.refuse(error);
    if (cmd === 'Set' || cmd === 'Get') this.#options.storage.refuse(cmd, error);
    this.#problem(error);
  }

  rejectAll(error: CausewayError): void {
    this.#options.storage.rejectAll(error);
    this.#scouts.rejectAll(error);
    this.#links.forget();
  }

  #problem(error: CausewayError): void {
    this.#options.events.push({ kind: 'problem', error });
  }
}

const mistakeIn = (key: string, operations: readonly StorageOperation[]): CausewayError | undefined => {
  const mistake = storageMistake(key, operations);
  if (mistake === undefined) return undefined;
  return new CausewayError('server_invalid_packet', `cannot store ${key}: ${mistake}`);
};
