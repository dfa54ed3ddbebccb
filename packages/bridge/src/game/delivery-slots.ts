import type { Region } from '../device/contract.js';
import type { ReceivedItem } from '../multiworld/room.js';
import { type Cell, cellMax, cellRegion } from './cell.js';
import type { Write } from './contract.js';
import { awaitsReadBack, type Delivery, deliveryLabel, regionsByName, writeCell } from './delivery.js';
import { type MemoryView, readCell, watchView } from './memory-view.js';

export interface SlotArrayOptions {
  /** Entries put into slots, counted by the client; shares the fate of the slots (same save, same save state). */
  readonly counter: Cell;
  /** Where slot 0 stands, how wide a slot is, how many there are. Bytes and slots. */
  readonly slots: { readonly domain: string; readonly offset: number; readonly width: number; readonly count: number };
  /** Whether the game has emptied this slot. Default: every byte is 0. */
  readonly free?: (slot: Uint8Array) => boolean;
  /** Exactly `width` bytes that do not look free. */
  readonly encode: (item: ReceivedItem) => Uint8Array;
  readonly reads?: readonly Region[];
  readonly ready?: (memory: MemoryView) => boolean;
}

const allZero = (slot: Uint8Array): boolean => slot.every((byte) => byte === 0);

const slotRegion = ({ slots }: SlotArrayOptions, slot: number): Region => ({
  domain: slots.domain,
  offset: slots.offset + slot * slots.width,
  size: slots.width,
});

const freeSlots = (options: SlotArrayOptions, memory: MemoryView): readonly Region[] =>
  Array.from({ length: options.slots.count }, (_, slot) => slotRegion(options, slot)).filter((region) =>
    (options.free ?? allZero)(memory.bytes(region)),
  );

const slotWrite = (options: SlotArrayOptions, region: Region, item: ReceivedItem): Write => {
  const data = options.encode(item);
  if (data.length !== region.size) throw new RangeError(`A slot has ${region.size} bytes, not ${data.length}.`);
  return { at: { domain: region.domain, offset: region.offset }, data };
};

/** Several mailboxes side by side, each emptied by the game when it likes (The Wind Waker, Kirby's Dream Land 3). */
export const slotArrayDelivery = (options: SlotArrayOptions): Delivery => {
  const { slots, counter } = options;
  const array: Region = { domain: slots.domain, offset: slots.offset, size: slots.width * slots.count };
  return {
    regions: regionsByName('delivery', [cellRegion(counter), array, ...(options.reads ?? [])]),
    received: (memory) => readCell(memory, counter),
    next: ({ memory: plain, items, outcomes }) => {
      if (awaitsReadBack(outcomes)) return undefined;
      const memory = watchView(plain);
      const count = readCell(memory, counter);
      if (options.ready && !options.ready(memory)) return undefined;
      // Only the slots that will be filled are guarded: the game may empty the others meanwhile.
      const free = freeSlots(options, plain);
      const entries = items.slice(count, Math.min(count + free.length, cellMax(counter)));
      if (entries.length === 0) return undefined;
      const writes = entries.flatMap((item, index) => {
        const region = free[index];
        if (!region) return [];
        memory.bytes(region);
        return [slotWrite(options, region, item)];
      });
      return {
        kind: 'write',
        label: deliveryLabel(count),
        delivers: count,
        guards: memory.guards(),
        writes: [...writes, writeCell(counter, count + writes.length)],
      };
    },
  };
};
