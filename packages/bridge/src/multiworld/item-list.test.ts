import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ItemList } from './item-list.js';
import type { ReceivedItem } from './room.js';

const item = (id: number) => ({ item: id, location: id, player: 2, flags: 0 });
const ids = (list: ItemList) => list.items.map((entry) => entry.item);

/** A list that has had its first packet on this connection. */
const listOf = (...content: number[]): ItemList => {
  const list = new ItemList();
  list.begin();
  list.apply(0, content.map(item));
  return list;
};

describe('ItemList', () => {
  it('follows index 0, continuation, overlap and gap', () => {
    const list = listOf(1, 2);
    expect(list.apply(2, [item(3)])).toMatchObject({ kind: 'appended', items: [{ index: 2, item: 3 }] });
    expect(list.apply(1, [item(2), item(3), item(4)])).toMatchObject({ kind: 'appended', items: [{ index: 3 }] });
    expect(list.apply(1, [item(2)])).toEqual({ kind: 'none' });
    expect(list.apply(5, [item(6)])).toEqual({ kind: 'gap' });
    expect(list.apply(4, [item(5)])).toEqual({ kind: 'none' });
    expect(ids(list)).toEqual([1, 2, 3, 4]);
    expect(list.apply(0, [1, 2, 3, 4, 5, 6].map(item))).toMatchObject({
      kind: 'appended',
      items: [{ item: 5 }, { item: 6 }],
    });
  });

  it('resyncs when what it has is contradicted, and when an index makes no sense', () => {
    expect(listOf(1, 2).apply(1, [item(9), item(3)])).toEqual({ kind: 'gap' });
    expect(listOf(1, 2).apply(-1, [item(1)])).toEqual({ kind: 'gap' });
  });

  it('reports a list that shrank or changed as another one', () => {
    expect(listOf(1, 2, 3).apply(0, [item(1)])).toMatchObject({ kind: 'replaced', items: [{ index: 0, item: 1 }] });
    expect(listOf(1, 2).apply(0, [item(1), item(3)])).toMatchObject({ kind: 'replaced' });
    expect(listOf(1, 2).apply(0, [item(1), item(2)])).toEqual({ kind: 'none' });
  });

  it('keeps its content over a reconnect and reports only what is new', () => {
    const list = listOf(1, 2);
    list.begin();
    expect(ids(list)).toEqual([1, 2]);
    expect(list.apply(0, [1, 2, 3].map(item))).toMatchObject({ kind: 'appended', items: [{ index: 2 }] });
  });

  it('is empty when the server of a new login sends nothing, and takes nothing as given before its first packet', () => {
    const list = listOf(1, 2);
    list.begin();
    expect(list.apply(2, [item(3)])).toEqual({ kind: 'gap' });
    list.begin();
    expect(list.settle()).toEqual({ kind: 'replaced', items: [] });
    expect(list.settle()).toEqual({ kind: 'none' });
  });

  it('ends as the server does when every gap is answered, whatever is lost or repeated', () => {
    const packet = fc.record({
      items: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
      fate: fc.constantFrom('arrives', 'arrives', 'lost', 'twice'),
    });
    void fc.assert(
      fc.property(fc.array(packet), (packets) => {
        const list = new ItemList();
        list.begin();
        list.settle();
        const server: number[] = [];
        let followed: readonly ReceivedItem[] = [];
        const deliver = (index: number, content: readonly number[]): void => {
          const change = list.apply(index, content.map(item));
          if (change.kind === 'appended') followed = [...followed, ...change.items];
          if (change.kind === 'replaced') followed = change.items;
          if (change.kind === 'gap') deliver(0, server);
        };
        for (const { items, fate } of [...packets, { items: [1], fate: 'arrives' }]) {
          const index = server.length;
          server.push(...items);
          if (fate !== 'lost') deliver(index, items);
          if (fate === 'twice') deliver(index, items);
        }
        expect(ids(list)).toEqual(server);
        expect(list.items.map(({ index }) => index)).toEqual(server.map((_, index) => index));
        expect(followed).toEqual(list.items);
      }),
    );
  });
});
