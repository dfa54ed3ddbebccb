import type {
  ClientPacket,
  Get,
  Json,
  Retrieved,
  SetNotify,
  SetPacket,
  SetReply,
} from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import type { Clock } from '../clock.js';
import type { StorageOperation } from './contract.js';
import { type CallOptions, PendingRequests } from './pending-requests.js';

/** The field under which our request ids travel; the server echoes it. `slot` would be overwritten. */
const ID = 'causeway_request';

/** What a `Set` with an answer brought about. */
export interface StoredValue {
  readonly value: Json;
  /** What was there before: the difference is what this request really changed. */
  readonly original: Json;
}

export type WatchListener = (value: Json, key: string) => void;

type Send = (packet: ClientPacket) => boolean;

const notJoined = (): CausewayError => new CausewayError('server_lost', 'not in the room');

/**
 * The room's data storage. Requests carry ids; watched keys are subscribed again and read again at every login, since
 * subscriptions die with their connection and what changed in between would be missed.
 */
export class Storage {
  readonly #reads: PendingRequests<Readonly<Record<string, Json>>>;
  readonly #writes: PendingRequests<StoredValue>;
  readonly #watched = new Map<string, Set<WatchListener>>();
  readonly #report: (error: unknown) => void;
  readonly #prefix: string;
  #next = 0;

  /**
   * @param prefix sets this client's request ids apart from those of other programs in the slot
   * @param report told of a listener that throws
   */
  constructor(clock: Clock, prefix: string, report: (error: unknown) => void) {
    this.#reads = new PendingRequests(clock);
    this.#writes = new PendingRequests(clock);
    this.#prefix = prefix;
    this.#report = report;
  }

  get watchedKeys(): readonly string[] {
    return [...this.#watched.keys()];
  }

  /** Unknown keys are null. */
  get(keys: readonly string[], options: CallOptions, send: Send): Promise<Readonly<Record<string, Json>>> {
    const id = this.#id();
    const packet: Get = { cmd: 'Get', keys: [...keys], [ID]: id };
    return this.#request(this.#reads, id, packet, options, send);
  }

  set(
    key: string,
    operations: readonly StorageOperation[],
    defaultValue: Json | undefined,
    options: CallOptions,
    send: Send,
  ): Promise<StoredValue> {
    const id = this.#id();
    const packet = { ...setPacket(key, operations, defaultValue), want_reply: true, [ID]: id };
    return this.#request(this.#writes, id, packet, options, send);
  }

  /** Registers for a key. Returns how to stop. */
  watch(key: string, listener: WatchListener): () => void {
    const listeners = this.#watched.get(key) ?? new Set();
    listeners.add(listener);
    this.#watched.set(key, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#watched.get(key) === listeners) this.#watched.delete(key);
    };
  }

  /** Subscribes, then reads: the other order can miss a change in between (`archipelago.md` §11.4). */
  subscription(keys: readonly string[]): readonly [] | readonly [SetNotify, Get] {
    if (keys.length === 0) return [];
    return [
      { cmd: 'SetNotify', keys: [...keys] },
      { cmd: 'Get', keys: [...keys], [ID]: this.#id() },
    ];
  }

  retrieved(packet: Retrieved): void {
    const id = packet[ID];
    if (typeof id !== 'string' || !id.startsWith(`${this.#prefix}-`)) return;
    if (this.#reads.resolve(id, packet.keys)) return;
    for (const [key, value] of Object.entries(packet.keys)) this.#tell(key, value);
  }

  replied(packet: SetReply): void {
    const id = packet[ID];
    if (typeof id === 'string') {
      this.#writes.resolve(id, { value: packet.value, original: packet.original_value ?? null });
    }
    this.#tell(packet.key, packet.value);
  }

  /** The server refused a `Set` or a `Get` of ours; it handles them in order, so it was the oldest. */
  refuse(cmd: 'Set' | 'Get', error: CausewayError): void {
    if (cmd === 'Set') this.#writes.rejectOldest(cmd, error);
    else this.#reads.rejectOldest(cmd, error);
  }

  rejectAll(error: CausewayError): void {
    this.#reads.rejectAll(error);
    this.#writes.rejectAll(error);
  }

  #request<Value>(
    requests: PendingRequests<Value>,
    id: string,
    packet: Get | SetPacket,
    options: CallOptions,
    send: Send,
  ): Promise<Value> {
    const answer = requests.add(id, packet.cmd, options);
    if (requests.has(id) && !send(packet)) requests.reject(id, notJoined());
    return answer;
  }

  #tell(key: string, value: Json): void {
    for (const listener of [...(this.#watched.get(key) ?? [])]) {
      try {
        listener(value, key);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  #id(): string {
    this.#next += 1;
    return `${this.#prefix}-${this.#next}`;
  }
}

/** A write nobody waits for. */
export const setPacket = (
  key: string,
  operations: readonly StorageOperation[],
  defaultValue: Json | undefined,
): SetPacket => ({
  cmd: 'Set',
  key,
  want_reply: false,
  operations: operations.map(({ operation, value }) => ({ operation, value })),
  ...(defaultValue === undefined ? {} : { default: defaultValue }),
});

/** Why the server would drop the connection over this `Set`, if it would (`archipelago.md` §11.3). */
export const storageMistake = (key: string, operations: readonly StorageOperation[]): string | undefined => {
  if (key.startsWith('_read_')) return 'keys that start with _read_ cannot be written';
  const unknown = operations.find(({ operation }) => !OPERATIONS.has(operation));
  if (unknown) return `the server knows no operation ${unknown.operation}`;
  return operations.some(({ value }) => value === undefined) ? 'every operation needs a value' : undefined;
};

const OPERATIONS: ReadonlySet<string> = new Set([
  'replace',
  'default',
  'add',
  'mul',
  'pow',
  'mod',
  'floor',
  'ceil',
  'max',
  'min',
  'and',
  'or',
  'xor',
  'left_shift',
  'right_shift',
  'remove',
  'pop',
  'update',
]);
