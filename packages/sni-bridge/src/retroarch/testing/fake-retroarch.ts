import type { Clock } from '@causeway/bridge';
import { encodeReply, parseCommand, type RetroArchReply, type RetroArchStatus } from '@causeway/protocol/retroarch';
import type { DatagramHandlers, DatagramSocketFactory } from '../datagram-socket.js';

/** What the network does to each datagram, both ways. Chances from 0 to 1. */
export interface NetworkFaults {
  loss: number;
  duplication: number;
  /** Datagrams that take longer, and are overtaken by others. */
  delay: number;
  /** How much longer at most, milliseconds. */
  delayMs: number;
}

/** The memory of a core; `undefined` where it maps nothing. A shorter answer than asked for is one at the end of a block. */
export interface CoreMemory {
  read(address: number, size: number): Uint8Array | undefined;
  /** Returns how many bytes were written, or why not. */
  write(address: number, data: Uint8Array): number | string;
}

export interface FakeRetroArchOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly memory: CoreMemory;
  readonly status?: RetroArchStatus;
}

const QUIET: NetworkFaults = { loss: 0, duplication: 0, delay: 0, delayMs: 0 };

/** RetroArch's side of the commands, polled by the frame, behind a network that can be bad. */
export class FakeRetroArch {
  readonly faults: NetworkFaults = { ...QUIET };
  /** Datagrams that clients sent, and the commands that arrived and were carried out. */
  readonly sent: string[] = [];
  readonly commands: string[] = [];
  version = '1.14.0';
  status: RetroArchStatus;
  /** What becomes of a reply on its way; several arrive in order. */
  mangle: (reply: string) => readonly string[] = (reply) => [reply];
  /** Nobody listens: datagrams to it are refused. */
  gone = false;
  readonly #options: FakeRetroArchOptions;
  #clients: DatagramHandlers[] = [];
  #queue: { readonly text: string; readonly client: DatagramHandlers }[] = [];

  constructor(options: FakeRetroArchOptions) {
    this.#options = options;
    this.status = options.status ?? { state: 'playing', system: 'bsnes-mercury', content: 'game', crc32: 0x1234 };
  }

  /** Sockets that lead here and were not closed. */
  get clients(): number {
    return this.#clients.length;
  }

  /** Milliseconds. */
  now(): number {
    return this.#options.clock.now();
  }

  /** Makes the sockets that lead here. */
  readonly createSocket: DatagramSocketFactory = (_endpoint, handlers) => {
    this.#clients.push(handlers);
    return {
      send: (text) => {
        if (!this.#clients.includes(handlers)) return;
        this.sent.push(text);
        if (this.gone) this.#options.clock.after(0, () => this.#refuse(handlers));
        else this.#carry(() => this.#queue.push({ text, client: handlers }));
      },
      close: () => this.#leave(handlers),
    };
  };

  /** What RetroArch does once per frame: everything that waits, in order. */
  poll(): void {
    for (const { text, client } of this.#queue.splice(0)) {
      for (const line of text.split('\n')) {
        this.commands.push(line);
        const reply = this.#answer(line);
        const texts = reply ? this.mangle(encodeReply(reply)) : [];
        for (const text of texts) this.#carry(() => this.#deliver(client, text));
      }
    }
  }

  /** The process is gone, and what waited for it. */
  die(): void {
    this.gone = true;
    this.#queue = [];
    for (const client of [...this.#clients]) this.#refuse(client);
  }

  /** Something arrives at every client that nobody asked for. */
  shout(text: string): void {
    for (const client of [...this.#clients]) this.#deliver(client, text);
  }

  #deliver(client: DatagramHandlers, text: string): void {
    if (this.#clients.includes(client)) client.datagram(text);
  }

  #refuse(client: DatagramHandlers): void {
    if (!this.#clients.includes(client)) return;
    this.#leave(client);
    client.failed('recvmsg ECONNREFUSED');
  }

  #leave(client: DatagramHandlers): void {
    this.#clients = this.#clients.filter((each) => each !== client);
    this.#queue = this.#queue.filter((waiting) => waiting.client !== client);
  }

  #carry(arrive: () => void): void {
    const { random, clock } = this.#options;
    const { loss, duplication, delay, delayMs } = this.faults;
    const copies = (random() < loss ? 0 : 1) + (random() < duplication ? 1 : 0);
    for (let copy = 0; copy < copies; copy++) {
      if (random() < delay) clock.after(random() * delayMs, arrive);
      else clock.after(0, arrive);
    }
  }

  #answer(text: string): RetroArchReply | undefined {
    const command = parseCommand(text);
    switch (command?.kind) {
      case 'version':
        return { kind: 'version', version: this.version };
      case 'status':
        return { kind: 'status', status: this.status };
      case 'read': {
        const { address, size } = command;
        const data = this.#options.memory.read(address, size);
        if (data) return { kind: 'read', address, data };
        return { kind: 'refused', of: 'read', address, reason: 'no descriptor for address' };
      }
      case 'write': {
        const { address, data } = command;
        const count = this.#options.memory.write(address, data);
        if (typeof count === 'number') return { kind: 'written', address, count };
        return { kind: 'refused', of: 'write', address, reason: count };
      }
      default:
        return undefined;
    }
  }
}
