import type { Region } from '../device/contract.js';
import type { ReceivedItem } from '../multiworld/room.js';
import { type Cell, cellMax, cellRegion } from './cell.js';
import type { Write } from './contract.js';
import {
  awaitsReadBack,
  type Delivery,
  type DeliveryTick,
  deliveryLabel,
  regionsByName,
  writeCell,
} from './delivery.js';
import { type MemoryView, readCell, watchView } from './memory-view.js';

export interface LogOptions {
  /** Entries in the log, counted by the client. */
  readonly written: Cell;
  /** Entries the game has taken out of it. */
  readonly taken: Cell;
  /** Where entry 0 stands, how wide an entry is and how many fit before the log starts over. Bytes and entries. */
  readonly log: { readonly domain: string; readonly offset: number; readonly width: number; readonly capacity: number };
  /** Exactly `width` bytes. */
  readonly encode: (item: ReceivedItem) => Uint8Array;
  /** Entries per write at most; default 8. */
  readonly perTick?: number;
  /** Further memory that `ready` looks at. */
  readonly reads?: readonly Region[];
  readonly ready?: (memory: MemoryView) => boolean;
}

const entryWrite = ({ log, encode }: LogOptions, item: ReceivedItem): Write => {
  const data = encode(item);
  if (data.length !== log.width) throw new RangeError(`A log entry has ${log.width} bytes, not ${data.length}.`);
  return { at: { domain: log.domain, offset: log.offset + (item.index % log.capacity) * log.width }, data };
};

const nextEntries = (options: LogOptions, { items }: DeliveryTick, from: number, taken: number) => {
  const room = options.log.capacity - (from - taken);
  const countable = cellMax(options.written) - from;
  return items.slice(from, from + Math.max(0, Math.min(room, countable, options.perTick ?? 8)));
};

/**
 * An append-only log of entries with a written and a taken count (Super Metroid, Lufia II, …). An entry's place follows
 * from its index, so writing it again changes nothing; the count comes last and makes it valid.
 */
export const logDelivery = (options: LogOptions): Delivery => ({
  regions: regionsByName('delivery', [
    cellRegion(options.written),
    cellRegion(options.taken),
    ...(options.reads ?? []),
  ]),
  received: (memory) => readCell(memory, options.taken),
  next: (tick) => {
    if (awaitsReadBack(tick.outcomes)) return undefined;
    const memory = watchView(tick.memory);
    const written = readCell(memory, options.written);
    const taken = readCell(tick.memory, options.taken);
    if (options.ready && !options.ready(memory)) return undefined;
    // Behind `taken` only after a rollback between two writes of a torn batch: what is taken needs no writing.
    const from = Math.max(written, taken);
    const entries = nextEntries(options, tick, from, taken);
    if (entries.length === 0) return undefined;
    // The game raises `taken` all the time. It only matters, and is only guarded, where the log starts over.
    if (from > written || from + entries.length > options.log.capacity) readCell(memory, options.taken);
    return {
      kind: 'write',
      label: deliveryLabel(from),
      delivers: from,
      guards: memory.guards(),
      writes: [...entries.map((item) => entryWrite(options, item)), writeCell(options.written, from + entries.length)],
    };
  },
});
