import { type Connected, isJsonObject, type Json, parsePythonJson } from '@causeway/protocol/archipelago';
import type { Socket, SocketHandlers } from '../multiworld/socket.js';
import { greetingOf, itemsOf, loginOf } from './client-snapshot.js';
import type { LibraryClient, LibraryPacket } from './library-client.js';

type Packet = Readonly<Record<string, Json>>;

/** Marks our own questions; the server echoes it. */
const QUESTION = 'causeway_borrowed';
const SLOT_DATA = 'slot_data';
const PING = 'ping';

/** Whether the library would change a value on its way out: big integers stop it, others become null. */
const isDistorted = (value: Json): boolean => {
  if (typeof value === 'bigint') return true;
  if (typeof value === 'number') return !Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((entry) => isDistorted(entry as Json));
};

/**
 * The connection of a library client, as a socket of ours.
 *
 * The room was greeted and joined by the library, so greeting and login are answered from what it knows; everything else goes
 * through it both ways. Closing lets go of the library's connection and leaves it open.
 */
export class BorrowedSocket implements Socket {
  readonly bufferedBytes = 0;
  readonly #client: LibraryClient;
  readonly #handlers: SocketHandlers;
  #state: 'waiting' | 'greeting' | 'joining' | 'joined' | 'closed' = 'waiting';
  /** Packets that came while the login was being answered. */
  #held: LibraryPacket[] = [];
  #syncing = false;

  constructor(client: LibraryClient, handlers: SocketHandlers) {
    this.#client = client;
    this.#handlers = handlers;
    client.socket.on('connected', this.#begin);
    client.socket.on('receivedPacket', this.#receive);
    client.socket.on('disconnected', this.#lost);
    if (client.authenticated) this.#begin();
  }

  send(text: string): void {
    const packets = parsePythonJson(text);
    if (!Array.isArray(packets)) return;
    const outgoing = packets.filter(isJsonObject).flatMap((packet) => this.#translate(packet));
    if (outgoing.length > 0) this.#pass(outgoing);
  }

  /** The library cannot ping, so the server is asked for nothing. */
  ping(): void {
    this.#pass([{ cmd: 'Get', keys: [], [QUESTION]: PING }]);
  }

  close(): void {
    this.#end('let go');
  }

  terminate(): void {
    this.#end('let go');
  }

  // Never inside the library's own handlers: an exception there would reach its socket and end the process.

  readonly #begin = (): void => {
    if (this.#state !== 'waiting') return;
    this.#state = 'greeting';
    queueMicrotask(() => {
      if (this.#state !== 'greeting') return;
      this.#handlers.open();
      this.#deliver(greetingOf(this.#client));
    });
  };

  readonly #receive = (packet: LibraryPacket): void => {
    if (this.#state === 'joining' || this.#state === 'joined') queueMicrotask(() => this.#incoming(packet));
  };

  readonly #lost = (): void => {
    if (this.#state !== 'waiting') this.#end('archipelago.js lost its connection');
  };

  #incoming(packet: LibraryPacket): void {
    const question = (packet as { readonly [QUESTION]?: unknown })[QUESTION];
    if (question === PING) this.#handlers.pong();
    else if (question === SLOT_DATA) this.#answerLogin(packet);
    else if (this.#state === 'joined') this.#deliver(packet);
    else if (this.#state === 'joining') this.#held.push(packet);
  }

  /** What of our packet goes out by way of the library. */
  #translate(packet: Packet): readonly Packet[] {
    const { cmd } = packet;
    if (cmd === 'Connect') return this.#login(packet);
    // Names come from the library: an answer to us could be taken for one to it.
    if (cmd === 'GetDataPackage') return [];
    if (isDistorted(packet)) {
      this.#refuse(cmd);
      return [];
    }
    if (cmd !== 'ConnectUpdate') return [packet];
    // The library remembers what it sees going out, also what is not in it.
    const { tags, items } = this.#client.arguments;
    return [{ tags: [...tags], items_handling: items, ...packet }];
  }

  /** Asks for what the library does not keep. Everything before the answer is part of the state it then has. */
  #login({ tags, items_handling: items }: Packet): readonly Packet[] {
    this.#state = 'joining';
    const { slot } = this.#client.players.self;
    this.#syncing = !itemsOf(this.#client).whole;
    return [
      ...this.#update(Array.isArray(tags) ? tags.map(String) : [], Number(items)),
      { cmd: 'Get', keys: [`_read_slot_data_${slot}`], [QUESTION]: SLOT_DATA },
      ...(this.#syncing ? [{ cmd: 'Sync' }] : []),
    ];
  }

  /** What the library has logged in with may not be what is wanted by now. */
  #update(tags: readonly string[], items: number): readonly Packet[] {
    const known = this.#client.arguments;
    const same = tags.length === known.tags.length && tags.every((tag) => known.tags.includes(tag));
    return same && items === known.items ? [] : [{ cmd: 'ConnectUpdate', tags, items_handling: items }];
  }

  #answerLogin(packet: LibraryPacket): void {
    if (this.#state !== 'joining') return;
    const { slot } = this.#client.players.self;
    const { keys } = packet as { readonly keys?: Packet };
    const slotData = keys?.[`_read_slot_data_${slot}`];
    const connected: Connected = loginOf(this.#client, isJsonObject(slotData) ? slotData : {});
    const { known, whole } = itemsOf(this.#client);
    this.#state = 'joined';
    this.#deliver(connected, ...(known.length > 0 ? [{ cmd: 'ReceivedItems', index: 0, items: known }] : []));
    if (!whole && !this.#syncing) this.#pass([{ cmd: 'Sync' }]);
    // Places and players are in the state already. Items may be as well, and are then recognised.
    for (const held of this.#held.splice(0)) if (!STATE.has(held.cmd)) this.#deliver(held);
  }

  #refuse(cmd: Json | undefined): void {
    const text = 'archipelago.js cannot send integers beyond 2^53, NaN or infinities';
    const packet = { cmd: 'InvalidPacket', type: 'arguments', original_cmd: cmd, text };
    queueMicrotask(() => this.#deliver(packet));
  }

  #pass(packets: readonly Packet[]): void {
    try {
      this.#client.socket.send(...packets);
    } catch (error) {
      this.#end(String(error));
    }
  }

  #deliver(...packets: readonly object[]): void {
    if (this.#state !== 'closed') this.#handlers.message(JSON.stringify(packets));
  }

  #end(problem: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#held = [];
    const { socket } = this.#client;
    socket.off('connected', this.#begin);
    socket.off('receivedPacket', this.#receive);
    socket.off('disconnected', this.#lost);
    queueMicrotask(() => this.#handlers.close({ code: 1006, reason: '', problem }));
  }
}

/** Packets whose content is part of what the library knows. */
const STATE: ReadonlySet<string> = new Set(['Connected', 'RoomUpdate']);
