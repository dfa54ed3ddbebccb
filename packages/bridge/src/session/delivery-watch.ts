import type { SessionEventBody } from './events.js';

/** What the game's own counter has told so far. A record of what was seen, never a source of what to deliver. */
export interface DeliveryWatch {
  /** Last count read; absent until the first. */
  readonly count?: number;
  /** Highest count ever read: entries below it come `again`. */
  readonly highest: number;
  /** Most entries the list ever had while we watched. */
  readonly longest: number;
  /** The count is beyond the list: another seed, slot or save, or a `server` that lost entries it once had. */
  readonly mismatch: false | 'save' | 'server';
}

export type DeliveryNews =
  | { readonly kind: 'delivered'; readonly index: number; readonly again: boolean }
  | { readonly kind: 'event'; readonly body: SessionEventBody };

export const unwatched: DeliveryWatch = { highest: 0, longest: 0, mismatch: false };

const movement = (watch: DeliveryWatch, received: number): readonly DeliveryNews[] => {
  const { count, highest } = watch;
  if (count === undefined || received === count) return [];
  if (received < count) return [{ kind: 'event', body: { event: 'delivery.rewound', from: count, to: received } }];
  return Array.from({ length: received - count }, (_, step) => ({
    kind: 'delivered',
    index: count + step,
    again: count + step < highest,
  }));
};

/** Takes in one reading of the counter against a list of `items` entries. */
export const watchDelivery = (
  before: DeliveryWatch,
  received: number | undefined,
  items: number,
): { readonly watch: DeliveryWatch; readonly news: readonly DeliveryNews[] } => {
  const watch = items > before.longest ? { ...before, longest: items } : before;
  if (received === undefined) return { watch, news: [] };
  if (received > items) {
    const cause = received > watch.longest ? 'save' : 'server';
    // What the counter says means nothing for this list, so neither count nor highest follow it.
    const body: SessionEventBody = { event: 'save.mismatch', received, items, cause };
    return { watch: { ...watch, mismatch: cause }, news: watch.mismatch ? [] : [{ kind: 'event', body }] };
  }
  const news = movement(watch, received);
  if (received === watch.count && !watch.mismatch) return { watch, news };
  const highest = Math.max(watch.highest, received);
  return { watch: { ...watch, count: received, highest, mismatch: false }, news };
};
