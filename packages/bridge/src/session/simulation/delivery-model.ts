import type { Delivery, DeliveryTick } from '../../game/delivery.js';
import { directDelivery } from '../../game/delivery-direct.js';
import { logDelivery } from '../../game/delivery-log.js';
import { mailboxDelivery } from '../../game/delivery-mailbox.js';
import { projectionDelivery } from '../../game/delivery-projection.js';
import { slotArrayDelivery } from '../../game/delivery-slots.js';
import type { MemoryView } from '../../game/memory-view.js';
import type { ReceivedItem } from '../../multiworld/room.js';
import { CELLS, INVENTORY, itemCode, itemKind, LOG, MAILBOX, MODE, SLOTS } from './memory-map.js';

export const MODELS = [
  'mailbox advanced by the game',
  'numbered mailbox advanced by the game',
  'mailbox advanced by the client',
  'append-only log',
  'slot array',
  'direct effects',
  'projection',
] as const;
export type Model = (typeof MODELS)[number];

const modeRegion = { domain: 'RAM', offset: MODE.at, size: 1 } as const;
const playing = (memory: MemoryView): boolean => memory.bytes(modeRegion)[0] === MODE.playing;
const mailboxFree = (memory: MemoryView): boolean => playing(memory) && memory.bytes(MAILBOX)[0] === 0;
const mailboxAt = { domain: MAILBOX.domain, offset: MAILBOX.offset };

const mailbox = (advancedBy: 'game' | 'client', letter: (item: ReceivedItem) => readonly number[]): Delivery =>
  mailboxDelivery({
    counter: CELLS.counter,
    advancedBy,
    reads: [modeRegion, MAILBOX],
    ready: mailboxFree,
    writes: (item) => [{ at: mailboxAt, data: Uint8Array.from(letter(item)) }],
  });

const kindAt = (kind: number) => ({ domain: INVENTORY.domain, offset: INVENTORY.offset + kind });

const direct = (): Delivery =>
  directDelivery({
    counter: CELLS.counter,
    reads: [modeRegion, INVENTORY],
    ready: playing,
    apply: ({ item }, memory) => {
      const at = kindAt(itemKind(item));
      const owned = memory.bytes({ ...at, size: 1 })[0] ?? 0;
      return [{ at, data: Uint8Array.of(owned + 1) }];
    },
  });

/** The level of each kind that follows from the list. */
export const projectedLevels = (items: readonly ReceivedItem[]): Uint8Array => {
  const levels = new Uint8Array(INVENTORY.size);
  for (const { item } of items) {
    const kind = itemKind(item);
    levels[kind] = (levels[kind] ?? 0) + 1;
  }
  return levels;
};

const projection = (): Delivery =>
  projectionDelivery({
    reads: [modeRegion, INVENTORY],
    ready: playing,
    project: (items) =>
      Array.from(projectedLevels(items), (level, kind) => ({ at: kindAt(kind), data: Uint8Array.of(level) })),
  });

const encode = ({ item }: ReceivedItem): Uint8Array => Uint8Array.of(itemCode(item));

/** The client's half of each model. */
export const deliveryOf = (model: Model): Delivery => {
  switch (model) {
    case 'mailbox advanced by the game':
      return mailbox('game', ({ item }) => [itemCode(item)]);
    case 'numbered mailbox advanced by the game':
      return mailbox('game', ({ item, index }) => [itemCode(item), (index + 1) & 0xff]);
    case 'mailbox advanced by the client':
      return mailbox('client', ({ item }) => [itemCode(item)]);
    case 'append-only log':
      return logDelivery({
        written: CELLS.written,
        taken: CELLS.counter,
        log: LOG,
        encode,
        reads: [modeRegion],
        ready: playing,
      });
    case 'slot array':
      return slotArrayDelivery({ counter: CELLS.counter, slots: SLOTS, encode, reads: [modeRegion], ready: playing });
    case 'direct effects':
      return direct();
    case 'projection':
      return projection();
  }
};

/** Shapes of {@link Delivery} that must fail; they prove that the simulation can. */
export type Mutation = 'no counter guard' | 'counter cached by the client' | 'unknown outcome taken for done';

const isCounter = ({ at }: { at: { offset: number } }): boolean =>
  at.offset === CELLS.counter.offset || at.offset === CELLS.written.offset;

const withoutCounterGuard = (delivery: Delivery): Delivery => ({
  ...delivery,
  next: (tick) => {
    const effect = delivery.next(tick);
    return effect && { ...effect, guards: effect.guards.filter((guard) => !isCounter(guard)) };
  },
});

/** Counts by itself from the first look on: `advance` says which outcomes it takes for a delivery. */
const countingByItself = (delivery: Delivery, advance: readonly string[]): Delivery => {
  let cached: number | undefined;
  return {
    ...delivery,
    next: (tick: DeliveryTick) => {
      cached ??= delivery.received(tick.memory) ?? 0;
      cached += tick.outcomes.filter(({ outcome }) => advance.includes(outcome)).length;
      const count = cached;
      const memory: MemoryView = {
        bytes: (region) =>
          region.offset === CELLS.counter.offset ? Uint8Array.of(count & 0xff, count >> 8) : tick.memory.bytes(region),
      };
      return withoutCounterGuard(delivery).next({ ...tick, memory });
    },
  };
};

export const mutate = (delivery: Delivery, mutation: Mutation | undefined): Delivery => {
  switch (mutation) {
    case undefined:
      return delivery;
    case 'no counter guard':
      return withoutCounterGuard(delivery);
    case 'counter cached by the client':
      return countingByItself(delivery, ['applied']);
    case 'unknown outcome taken for done':
      return countingByItself(delivery, ['applied', 'unknown']);
  }
};
