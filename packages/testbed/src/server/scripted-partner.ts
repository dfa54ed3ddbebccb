import { type Clock, systemClock } from '@causeway/bridge';
import {
  type ClientPacket,
  ClientStatus,
  decodeServerMessage,
  encodeClientMessage,
  ItemsHandling,
  type NetworkItem,
  PROTOCOL_VERSION,
  type ServerPacket,
} from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import { WebSocket } from 'ws';
import { hasAll, withinReach } from './room/logic.js';
import type { RoomSlot } from './room/room-definition.js';

/** Waits before it looks for a lost server again. */
const RETRY_MS = 500;
const NOBODY_WAITS = { resolve: () => {}, reject: () => {} };

export interface PartnerOptions {
  /** The server; a function when it may move. */
  readonly url: string | (() => string);
  /** The slot it plays, with its locations and what they need, as the room file has it. */
  readonly slot: RoomSlot;
  readonly password?: string;
  /** Time between two locations; without it the partner moves only when told. */
  readonly paceMs?: number;
  readonly clock?: Clock;
  readonly onEvent?: (event: PartnerEvent) => void;
}

export type PartnerEvent =
  | { readonly kind: 'joined' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'checked'; readonly location: number }
  | { readonly kind: 'received'; readonly items: readonly NetworkItem[] }
  | { readonly kind: 'goal' };

/** A client without a game: plays a slot by the logic of its room, location by location. */
export interface ScriptedPartner extends AsyncDisposable {
  /** Settles with the first login; rejects with `server_refused` when the server does not let it in. */
  readonly joined: Promise<void>;
  /** Settles once the goal is reported. */
  readonly finished: Promise<void>;
  /** Everything received, start inventory included. */
  readonly items: readonly NetworkItem[];
  /** Locations checked, in order. */
  readonly checked: readonly number[];
  /** Locations it could check now. */
  readonly open: readonly number[];
  /** Checks the next location within reach; `undefined` when there is none. */
  checkNext(): number | undefined;
  close(): Promise<void>;
}

/** Starts a partner. It logs in by itself, comes back after a lost connection, and ends when closed. */
export const startPartner = (options: PartnerOptions): ScriptedPartner => new Partner(options);

class Partner implements ScriptedPartner {
  readonly joined: Promise<void>;
  readonly finished: Promise<void>;
  readonly #options: PartnerOptions;
  readonly #clock: Clock;
  readonly #checked = new Set<number>();
  #items: NetworkItem[] = [];
  #socket: WebSocket | undefined;
  #loggedIn = false;
  #closed = false;
  #goal = false;
  #cancelPace: () => void = () => {};
  #cancelRetry: () => void = () => {};
  #settleJoined: { readonly resolve: () => void; readonly reject: (error: Error) => void } = NOBODY_WAITS;
  #settleFinished: () => void = () => {};

  constructor(options: PartnerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.joined = new Promise((resolve, reject) => {
      this.#settleJoined = { resolve, reject };
    });
    // Not everybody waits for the login; a refusal nobody waits for must not end the process.
    this.joined.catch(() => {});
    this.finished = new Promise((resolve) => {
      this.#settleFinished = resolve;
    });
    this.#connect();
  }

  get items(): readonly NetworkItem[] {
    return this.#items;
  }

  get checked(): readonly number[] {
    return [...this.#checked];
  }

  get open(): readonly number[] {
    const items = this.#items.map(({ item }) => item);
    return withinReach(this.#options.slot, items).filter((location) => !this.#checked.has(location));
  }

  checkNext(): number | undefined {
    const [location] = this.#loggedIn ? this.open : [];
    if (location === undefined) return undefined;
    this.#checked.add(location);
    this.#send({ cmd: 'LocationChecks', locations: [location] });
    this.#tell({ kind: 'checked', location });
    return location;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelPace();
    this.#cancelRetry();
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    if (socket.readyState === WebSocket.OPEN) socket.close(1000);
    else socket.terminate();
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #connect(): void {
    const { url } = this.#options;
    const socket = new WebSocket(typeof url === 'string' ? url : url());
    this.#socket = socket;
    socket.on('message', (data) => this.#receive(data.toString()));
    // The close event that follows starts the next attempt.
    socket.on('error', () => {});
    socket.on('close', () => this.#lost());
  }

  #lost(): void {
    const was = this.#loggedIn;
    this.#loggedIn = false;
    this.#cancelPace();
    if (was) this.#tell({ kind: 'lost' });
    if (!this.#closed) this.#cancelRetry = this.#clock.after(RETRY_MS, () => this.#connect());
  }

  #receive(text: string): void {
    for (const decoded of decodeServerMessage(text)) if (decoded.kind === 'packet') this.#handle(decoded.packet);
  }

  #handle(packet: ServerPacket): void {
    if (packet.cmd === 'RoomInfo') this.#login();
    if (packet.cmd === 'ConnectionRefused') this.#refused(packet.errors);
    if (packet.cmd === 'Connected') this.#joinedRoom(packet.checked_locations);
    if (packet.cmd === 'ReceivedItems') this.#receiveItems(packet.index, packet.items);
    if (packet.cmd === 'RoomUpdate') for (const id of packet.checked_locations ?? []) this.#checked.add(id);
  }

  #login(): void {
    const { slot, password } = this.#options;
    this.#send({
      cmd: 'Connect',
      password: password ?? null,
      game: slot.game,
      name: slot.name,
      uuid: 'causeway-scripted-partner',
      version: { class: 'Version', ...PROTOCOL_VERSION },
      items_handling: ItemsHandling.all,
      tags: ['AP'],
      slot_data: false,
    });
  }

  #refused(errors: readonly string[]): void {
    const message = `The server does not let ${this.#options.slot.name} in: ${errors.join(', ')}.`;
    this.#settleJoined.reject(new CausewayError('server_refused', message, { context: { errors } }));
    void this.close();
  }

  /** The server may have lost checks, or know some made by somebody else in this slot. */
  #joinedRoom(known: readonly number[]): void {
    this.#loggedIn = true;
    const unknown = this.checked.filter((location) => !known.includes(location));
    for (const location of known) this.#checked.add(location);
    if (unknown.length > 0) this.#send({ cmd: 'LocationChecks', locations: unknown });
    this.#send({ cmd: 'StatusUpdate', status: this.#goal ? ClientStatus.goal : ClientStatus.playing });
    this.#settleJoined.resolve();
    this.#tell({ kind: 'joined' });
    this.#schedule();
  }

  #receiveItems(index: number, items: readonly NetworkItem[]): void {
    if (index === 0) this.#items = [...items];
    else if (index === this.#items.length) this.#items.push(...items);
    else {
      this.#send({ cmd: 'Sync' });
      return;
    }
    this.#tell({ kind: 'received', items });
    this.#lookForGoal();
  }

  #lookForGoal(): void {
    const items = this.#items.map(({ item }) => item);
    const { goalNeeds } = this.#options.slot.logic;
    if (this.#goal || goalNeeds.length === 0 || !hasAll(items, goalNeeds)) return;
    this.#goal = true;
    this.#send({ cmd: 'StatusUpdate', status: ClientStatus.goal });
    this.#tell({ kind: 'goal' });
    this.#settleFinished();
  }

  #schedule(): void {
    const { paceMs } = this.#options;
    if (paceMs === undefined || this.#closed) return;
    this.#cancelPace = this.#clock.after(paceMs, () => {
      this.checkNext();
      this.#schedule();
    });
  }

  #send(packet: ClientPacket): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(encodeClientMessage([packet]));
  }

  #tell(event: PartnerEvent): void {
    this.#options.onEvent?.(event);
  }
}
