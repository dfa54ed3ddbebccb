import type { GdbEndpoint } from '../gdb-endpoint.js';
import type { GdbStreamFactory, GdbStreamHandlers } from '../gdb-stream.js';
import { encodePacket, PacketReader } from '../packet-codec.js';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Guest addresses where there is memory, and what Dolphin does for them. */
interface FakeMemory {
  readonly base: number;
  readonly bytes: Uint8Array;
}

/** Dolphin's end of a debugger connection, in memory. Answers at once unless told not to. */
export class FakeStub {
  /** Packets that came, without acknowledgements. */
  readonly asked: string[] = [];
  acks = 0;
  closed = false;
  /** While set, requests are acknowledged and not answered; see {@link answer}. */
  silent = false;
  endpoint: GdbEndpoint | undefined;
  readonly memories: FakeMemory[];
  /** Replaces the answer to a packet. */
  override: (packet: string) => string | undefined = () => undefined;
  #handlers: GdbStreamHandlers | undefined;
  readonly #reader = new PacketReader();

  constructor(...memories: FakeMemory[]) {
    this.memories = memories;
  }

  readonly stream: GdbStreamFactory = (endpoint, handlers) => {
    this.endpoint = endpoint;
    this.#handlers = handlers;
    queueMicrotask(() => handlers.open());
    return {
      send: (bytes) => this.#receive(bytes),
      destroy: () => this.close(),
    };
  };

  /** Sends bytes as they are. */
  raw(bytes: Uint8Array | string): void {
    if (!this.closed) this.#handlers?.bytes(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** Answers what was asked last, now. */
  answer(): void {
    this.raw(encodePacket(this.#answerTo(this.asked.at(-1) ?? '')));
  }

  close(problem?: string): void {
    if (this.closed) return;
    this.closed = true;
    queueMicrotask(() => this.#handlers?.close(problem));
  }

  #receive(bytes: Uint8Array): void {
    for (const event of this.#reader.push(bytes)) {
      if (event.kind !== 'packet') {
        this.acks++;
        continue;
      }
      this.asked.push(event.payload);
      queueMicrotask(() => this.#reply(event.payload));
    }
  }

  #reply(payload: string): void {
    if (payload === 'c' || this.silent) this.raw('+');
    else this.raw(`+${text(encodePacket(this.#answerTo(payload)))}`);
  }

  #answerTo(payload: string): string {
    const given = this.override(payload);
    if (given !== undefined) return given;
    if (payload === '?') return 'T0f40:80003100;';
    const match = /^([mM])([0-9a-f]+),([0-9a-f]+)(?::([0-9a-f]*))?$/.exec(payload);
    if (!match) return '';
    const [, verb, at = '', length = '', hex = ''] = match;
    const address = Number.parseInt(at, 16);
    const size = Number.parseInt(length, 16);
    const memory = this.memories.find(({ base, bytes }) => address >= base && address + size <= base + bytes.length);
    if (!memory) return 'E00';
    const from = address - memory.base;
    if (verb === 'm')
      return Buffer.from(memory.bytes.subarray(from, from + size))
        .toString('hex')
        .toUpperCase();
    memory.bytes.set(Buffer.from(hex, 'hex'), from);
    return 'OK';
  }
}

/** Memory at a guest address, with words set in it. */
export const fakeMemory = (base: number, size: number, words: Readonly<Record<number, number>> = {}): FakeMemory => {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  for (const [address, value] of Object.entries(words)) view.setUint32(Number(address) - base, value);
  return { base, bytes };
};
