import { decodeClientMessage, encodeServerMessage } from '@causeway/protocol/archipelago';
import type { VirtualClock } from '../../testing/virtual-clock.js';
import type { MultiworldClient } from '../client-contract.js';
import type { MultiworldEvent } from '../contract.js';
import type { RoomHint } from '../hint-list.js';
import { openMultiworld } from '../open-multiworld.js';
import type { ReceivedItem } from '../room.js';
import { FakeNetwork, type FakeSocket } from './fake-network.js';
import type { ModelPeer, ModelRoom } from './model-room.js';

export const WATCHED = 'EnergyLink0';

/** A connection between a client and the room, with messages under way in both directions. */
class Wire {
  readonly socket: FakeSocket;
  readonly toClient: string[] = [];
  /** What happens to the next item packet. */
  fault: 'lose' | 'repeat' | undefined;
  readonly #room: ModelRoom;
  readonly #peer: ModelPeer;

  constructor(socket: FakeSocket, room: ModelRoom, lost: () => void) {
    this.socket = socket;
    this.#room = room;
    this.#peer = {
      joined: false,
      subscriptions: new Set(),
      send: (packets) => {
        const isItems = packets[0]?.cmd === 'ReceivedItems';
        if (isItems && this.fault === 'lose') lost();
        else this.toClient.push(encodeServerMessage(packets));
        if (isItems && this.fault === 'repeat') this.toClient.push(encodeServerMessage(packets));
        if (isItems) this.fault = undefined;
      },
    };
    room.peers.add(this.#peer);
    socket.open();
    this.#peer.send([room.greeting()]);
  }

  /** Whether the room knows this connection; if not, only missing pongs tell the client. */
  get known(): boolean {
    return this.#room.peers.has(this.#peer);
  }

  /** One message of the client arrives at the room. */
  up(): void {
    const text = this.socket.sent.shift();
    if (text === undefined) return;
    for (const entry of decodeClientMessage(text)) {
      if (entry.kind !== 'packet') throw new Error(`the client sent nonsense: ${text}`);
      if (this.known) this.#room.handle(this.#peer, entry.packet);
    }
  }

  down(): void {
    const text = this.toClient.shift();
    if (text !== undefined && this.socket.alive) this.socket.deliver(text);
  }

  /** The room forgets this connection; the client may not know yet. */
  sever(): void {
    this.#room.peers.delete(this.#peer);
    this.toClient.length = 0;
  }
}

export interface PlayerOptions {
  readonly room: ModelRoom;
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly itemsHandling: number;
}

/** One client of the slot, with its network. Several may sit in the same slot. */
export class SimulatedPlayer {
  readonly client: MultiworldClient;
  readonly network = new FakeNetwork();
  readonly events: MultiworldEvent[] = [];
  readonly watched: unknown[] = [];
  itemsHandling: number;
  unsettled = 0;
  itemsLost = false;
  readonly #room: ModelRoom;
  readonly #wires = new Map<FakeSocket, Wire>();
  #accepted = 0;

  constructor({ room, clock, random, itemsHandling }: PlayerOptions) {
    this.#room = room;
    this.itemsHandling = itemsHandling;
    this.client = openMultiworld({
      address: 'localhost:1',
      slotName: 'Ana',
      game: 'Game',
      itemsHandling,
      hints: true,
      clock,
      random,
      connect: this.network.connect,
      onEvent: (event) => this.events.push(event),
    });
    this.client.watch(WATCHED, (value) => this.watched.push(value));
  }

  get wire(): Wire | undefined {
    const socket = this.network.sockets.at(-1);
    return socket && this.#wires.get(socket);
  }

  /** Nothing is under way, and the room and the client believe in the same connection. */
  get settled(): boolean {
    return this.quiet && (this.wire?.known ?? false) && this.client.status === 'joined';
  }

  get quiet(): boolean {
    return this.wire?.socket.sent.length === 0 && this.wire.toClient.length === 0;
  }

  /** Lets in whoever knocks, or turns them away while the room is down. */
  accept(down: boolean): void {
    for (const socket of this.network.sockets.slice(this.#accepted)) {
      this.#accepted += 1;
      if (down) socket.end({ problem: 'ECONNREFUSED' });
      else this.#wires.set(socket, new Wire(socket, this.#room, () => this.#losesItems()));
    }
    // What the client has ended is over for the room as well.
    for (const [socket, wire] of this.#wires) {
      if (socket.ended === undefined) continue;
      wire.sever();
      if (socket.alive) socket.end({ code: 1000 });
      this.#wires.delete(socket);
    }
  }

  drop(code: number): void {
    const { wire } = this;
    if (!wire?.socket.alive) return;
    wire.sever();
    wire.socket.end({ code });
  }

  ask(question: Promise<unknown>): void {
    this.unsettled += 1;
    const done = (): void => {
      this.unsettled -= 1;
    };
    question.then(done, done);
  }

  receiveItems(itemsHandling: number): void {
    this.itemsHandling = itemsHandling;
    this.client.receiveItems(itemsHandling);
  }

  /** What the room says this player should hold. */
  itemsOfRoom(): readonly ReceivedItem[] {
    return this.#room.itemsFor(this.itemsHandling).map((item, index) => ({ index, ...item }));
  }

  /** The list an owner ends up with who only follows the events. */
  itemsByEvents(): readonly ReceivedItem[] {
    let list: readonly ReceivedItem[] = [];
    for (const event of this.events) {
      if (event.kind === 'items') list = event.replaced ? event.items : [...list, ...event.items];
    }
    return list;
  }

  /** The hints an owner ends up with who only follows the changes. */
  hintsByEvents(): readonly RoomHint[] {
    const hints = new Map<number, RoomHint>();
    for (const event of this.events) {
      if (event.kind !== 'hints') continue;
      for (const { kind, hint } of event.changes) {
        if (kind === 'gone') hints.delete(hint.location);
        else hints.set(hint.location, hint);
      }
    }
    return [...hints.values()];
  }

  #losesItems(): void {
    this.itemsLost = true;
  }
}
