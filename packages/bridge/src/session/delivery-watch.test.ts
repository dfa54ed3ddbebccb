import { describe, expect, it } from 'vitest';
import { type DeliveryNews, unwatched, watchDelivery } from './delivery-watch.js';

/** What is told while the counter takes these values against a list of so many entries. */
const follow = (...readings: readonly (readonly [received: number | undefined, items: number])[]) => {
  let watch = unwatched;
  return readings.map(([received, items]) => {
    const result = watchDelivery(watch, received, items);
    watch = result.watch;
    return result.news.map((each: DeliveryNews) =>
      each.kind === 'event' ? Object.values(each.body).join(' ') : `${each.again ? 'again' : 'new'} ${each.index}`,
    );
  });
};

describe('delivery watch', () => {
  it('takes the first reading for granted and tells each entry after it', () => {
    expect(follow([2, 5], [2, 5], [4, 5], [undefined, 5], [5, 5])).toEqual([[], [], ['new 2', 'new 3'], [], ['new 4']]);
  });

  it('tells a rewind, and what comes again', () => {
    expect(follow([3, 5], [1, 5], [4, 5])).toEqual([[], ['delivery.rewound 3 1'], ['again 1', 'again 2', 'new 3']]);
  });

  it('tells a count beyond the list once per occurrence, and does not follow it', () => {
    expect(follow([2, 5], [9, 5], [9, 5], [2, 5], [3, 5], [7, 5])).toEqual([
      [],
      ['save.mismatch 9 5 save'],
      [],
      [],
      ['new 2'],
      ['save.mismatch 7 5 save'],
    ]);
  });

  it('tells a server that lost entries from a save that has too many', () => {
    expect(follow([5, 5], [5, 3], [5, 5], [6, 5])).toEqual([
      [],
      ['save.mismatch 5 3 server'],
      [],
      ['save.mismatch 6 5 save'],
    ]);
  });
});
