import type { Region } from '../device/contract.js';
import type { ReceivedItem } from '../multiworld/room.js';
import { type Cell, cellMax, cellRegion, encodeCell } from './cell.js';
import type { Effect, Write, WriteOutcome } from './contract.js';
import { type MemoryView, readCell, watchView } from './memory-view.js';

export type WriteEffect = Extract<Effect, { kind: 'write' }>;

/** What a delivery decides from: one look at the game, and the list it owes the game. */
export interface DeliveryTick {
  readonly memory: MemoryView;
  /** `room.items`. */
  readonly items: readonly ReceivedItem[];
  /** `frame.outcomes`. */
  readonly outcomes: readonly WriteOutcome[];
}

/**
 * How one game takes received items: stateless, so that memory alone decides what is next.
 *
 * After a reset, a save state, a crash or a lost link the next snapshot says where the game is, and delivery goes on
 * from there. Every write is guarded by the counter and by everything the decision looked at.
 */
export interface Delivery {
  /** What it has to see each tick: spread these into {@link ReadPlan.regions}. */
  readonly regions: Readonly<Record<string, Region>>;
  /** Entries of the list the game has taken, for {@link StepResult.received}; absent where the game keeps no count. */
  received(memory: MemoryView): number | undefined;
  /** The write that brings the game one step further, or `undefined` when there is nothing to do or the game is not ready. */
  next(tick: DeliveryTick): WriteEffect | undefined;
}

/** What every model with a counter shares. */
export interface CounterOptions {
  /** Entries taken; lives and dies with the game's own save. */
  readonly counter: Cell;
  /** Further memory that `ready` and the writes look at. Whatever they look at is guarded. */
  readonly reads?: readonly Region[];
  /** Whether the game can take `item` now: the mailbox is free, a level is being played. Default: always. */
  readonly ready?: (memory: MemoryView, item: ReceivedItem) => boolean;
}

export const regionsByName = (prefix: string, regions: readonly Region[]): Readonly<Record<string, Region>> =>
  Object.fromEntries(regions.map((region, index) => [`${prefix}.${index}`, region]));

export const deliveryLabel = (index: number): string => `deliver ${index}`;

/**
 * Whether this tick's snapshot is older than a delivery that has just been carried out.
 * Reads of a batch stand before its writes, so the count is only back with the next snapshot.
 */
export const awaitsReadBack = (outcomes: readonly WriteOutcome[]): boolean =>
  outcomes.some(({ label, outcome }) => outcome === 'applied' && label.startsWith('deliver '));

/** The entry the counter asks for; `undefined` when all are taken or the counter could not count it. */
const nextEntry = (
  tick: DeliveryTick,
  memory: MemoryView,
  counter: Cell,
): { readonly item: ReceivedItem; readonly count: number } | undefined => {
  const count = readCell(memory, counter);
  const item = tick.items[count];
  if (!item || count >= cellMax(counter)) return undefined;
  return { item, count };
};

export const writeCell = (cell: Cell, value: number): Write => {
  const { domain, offset } = cellRegion(cell);
  return { at: { domain, offset }, data: encodeCell(cell, value) };
};

/**
 * One entry at a time under a counter. `advancedBy: 'client'` appends the counter's write after the entry's: on a device
 * that tears batches an entry may then come twice after a lost link, but none is ever skipped.
 */
export const counterDelivery = (
  options: CounterOptions & {
    readonly advancedBy: 'game' | 'client';
    readonly writes: (item: ReceivedItem, memory: MemoryView) => readonly Write[];
  },
): Delivery => ({
  regions: regionsByName('delivery', [cellRegion(options.counter), ...(options.reads ?? [])]),
  received: (memory) => readCell(memory, options.counter),
  next: (tick) => {
    if (awaitsReadBack(tick.outcomes)) return undefined;
    const memory = watchView(tick.memory);
    const entry = nextEntry(tick, memory, options.counter);
    if (!entry) return undefined;
    if (options.ready && !options.ready(memory, entry.item)) return undefined;
    const writes = options.writes(entry.item, memory);
    const advance = options.advancedBy === 'client' ? [writeCell(options.counter, entry.count + 1)] : [];
    return {
      kind: 'write',
      label: deliveryLabel(entry.count),
      delivers: entry.count,
      guards: memory.guards(),
      writes: [...writes, ...advance],
    };
  },
});
