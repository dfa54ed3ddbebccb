import type { Region } from '../device/contract.js';
import type { ReceivedItem } from '../multiworld/room.js';
import type { Write } from './contract.js';
import type { Delivery } from './delivery.js';
import { regionsByName } from './delivery.js';
import { type MemoryView, watchView } from './memory-view.js';

export interface ProjectionOptions {
  /** All memory that `ready` and `project` look at, what they write included. */
  readonly reads: readonly Region[];
  readonly ready?: (memory: MemoryView) => boolean;
  /** The bytes that follow from the whole list, whatever was there before: a bit per kind, a level per copy. */
  readonly project: (items: readonly ReceivedItem[], memory: MemoryView) => readonly Write[];
}

const changes = (memory: MemoryView, { at, data }: Write): boolean =>
  memory.bytes({ ...at, size: data.length }).some((byte, index) => byte !== data[index]);

/**
 * The whole list seen through a function into memory, put right whenever memory differs (Super Mario Land 2, Metroid Prime,
 * …). Needs no counter; writing it twice, late or after a rollback changes nothing.
 */
export const projectionDelivery = (options: ProjectionOptions): Delivery => ({
  regions: regionsByName('delivery', options.reads),
  received: () => undefined,
  next: ({ memory: plain, items, outcomes }) => {
    if (outcomes.some(({ label, outcome }) => label === 'project' && outcome === 'applied')) return undefined;
    const memory = watchView(plain);
    if (options.ready && !options.ready(memory)) return undefined;
    const writes = options.project(items, memory).filter((write) => changes(memory, write));
    if (writes.length === 0) return undefined;
    return { kind: 'write', label: 'project', guards: memory.guards(), writes };
  },
});
