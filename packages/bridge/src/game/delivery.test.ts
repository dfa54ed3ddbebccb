import { describe, expect, it } from 'vitest';
import type { ReceivedItem } from '../multiworld/room.js';
import type { WriteOutcome } from './contract.js';
import type { Delivery } from './delivery.js';
import { directDelivery } from './delivery-direct.js';
import { logDelivery } from './delivery-log.js';
import { mailboxDelivery } from './delivery-mailbox.js';
import { projectionDelivery } from './delivery-projection.js';
import { slotArrayDelivery } from './delivery-slots.js';
import { viewMemory } from './memory-view.js';

const counter = { domain: 'RAM', offset: 0, size: 1 } as const;
const mailbox = { domain: 'RAM', offset: 4, size: 2 } as const;
const items = (...codes: number[]): readonly ReceivedItem[] =>
  codes.map((item, index) => ({ index, item, location: 1, player: 2, flags: 0 }));

/** The next write for these 16 bytes of RAM. */
const nextFor = (
  delivery: Delivery,
  ram: readonly number[],
  list: readonly ReceivedItem[],
  outcomes: readonly WriteOutcome[] = [],
) => {
  const bytes = Uint8Array.from({ length: 16 }, (_, index) => ram[index] ?? 0);
  const snapshot = Object.fromEntries(
    Object.entries(delivery.regions).map(([name, { offset, size }]) => [name, bytes.subarray(offset, offset + size)]),
  );
  return delivery.next({ memory: viewMemory(delivery.regions, snapshot), items: list, outcomes });
};

const at = (offset: number) => ({ domain: 'RAM', offset });
const guard = (offset: number, ...expected: number[]) => ({ at: at(offset), expect: Uint8Array.from(expected) });
const write = (offset: number, ...data: number[]) => ({ at: at(offset), data: Uint8Array.from(data) });

const byMailbox = (advancedBy: 'game' | 'client'): Delivery =>
  mailboxDelivery({
    counter,
    advancedBy,
    reads: [mailbox],
    ready: (memory) => memory.bytes(mailbox)[0] === 0,
    writes: ({ item, index }) => [{ at: at(4), data: Uint8Array.of(item, index + 1) }],
  });

describe('mailbox', () => {
  it('gets the entry the counter asks for, guarded by the counter and by all that was looked at', () => {
    expect(nextFor(byMailbox('game'), [1], items(10, 11))).toEqual({
      kind: 'write',
      label: 'deliver 1',
      delivers: 1,
      guards: [guard(0, 1), guard(4, 0, 0)],
      writes: [write(4, 11, 2)],
    });
  });

  it('is followed by the counter where the client advances it', () => {
    expect(nextFor(byMailbox('client'), [1], items(10, 11))?.writes).toEqual([write(4, 11, 2), write(0, 2)]);
  });

  it.each([
    ['it is full', [0, 0, 0, 0, 9], items(10)],
    ['all was taken', [1], items(10)],
    ['the counter is beyond the list', [5], items(10)],
    ['the counter could not count it', [255], items(...Array.from({ length: 300 }, () => 1))],
  ])('gets nothing when %s', (_name, ram, list) => {
    expect(nextFor(byMailbox('client'), ram, list)).toBeUndefined();
  });

  it('waits for the read back of what was just written, and goes by memory after anything else', () => {
    const after = (outcome: WriteOutcome['outcome']) =>
      nextFor(byMailbox('game'), [0], items(10), [{ label: 'deliver 0', outcome }])?.delivers;
    expect(after('applied')).toBeUndefined();
    expect([after('refused'), after('skipped'), after('unknown')]).toEqual([0, 0, 0]);
  });
});

describe('direct effects', () => {
  const direct = directDelivery({
    counter,
    reads: [{ domain: 'RAM', offset: 8, size: 4 }],
    apply: ({ item }, memory) => {
      const owned = memory.bytes({ ...at(8 + item), size: 1 })[0] ?? 0;
      return [write(8 + item, owned + 1)];
    },
  });

  it('are guarded by what they were computed from, the counter last', () => {
    expect(nextFor(direct, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3], items(2))).toEqual({
      kind: 'write',
      label: 'deliver 0',
      delivers: 0,
      guards: [guard(0, 0), guard(10, 3)],
      writes: [write(10, 4), write(0, 1)],
    });
  });
});

describe('log', () => {
  const log = logDelivery({
    written: counter,
    taken: { domain: 'RAM', offset: 1, size: 1 },
    log: { domain: 'RAM', offset: 4, width: 1, capacity: 4 },
    encode: ({ item }) => Uint8Array.of(item),
  });

  it('takes as many entries as it has room for, the count last', () => {
    expect(nextFor(log, [0, 0], items(10, 11, 12, 13, 14))).toEqual({
      kind: 'write',
      label: 'deliver 0',
      delivers: 0,
      guards: [guard(0, 0)],
      writes: [write(4, 10), write(5, 11), write(6, 12), write(7, 13), write(0, 4)],
    });
    expect(nextFor(log, [4, 0], items(10, 11, 12, 13, 14))).toBeUndefined();
  });

  it('starts over at its end, and then guards how far the game has read', () => {
    const effect = nextFor(log, [4, 2], items(10, 11, 12, 13, 14, 15, 16));
    expect(effect?.guards).toEqual([guard(0, 4), guard(1, 2)]);
    expect(effect?.writes).toEqual([write(4, 14), write(5, 15), write(0, 6)]);
  });

  it('goes on from what the game has taken when the written count is behind', () => {
    expect(nextFor(log, [1, 3], items(10, 11, 12, 13))?.writes).toEqual([write(7, 13), write(0, 4)]);
  });

  it('refuses entries of another width', () => {
    const wide = logDelivery({
      written: counter,
      taken: { domain: 'RAM', offset: 1, size: 1 },
      log: { domain: 'RAM', offset: 4, width: 2, capacity: 4 },
      encode: ({ item }) => Uint8Array.of(item),
    });
    expect(() => nextFor(wide, [0, 0], items(10))).toThrow(RangeError);
  });
});

describe('slot array', () => {
  const slots = slotArrayDelivery({
    counter,
    slots: { domain: 'RAM', offset: 4, width: 1, count: 3 },
    free: (slot) => slot[0] === 0xff,
    encode: ({ item }) => Uint8Array.of(item),
  });

  it('fills every free slot at once and guards only those', () => {
    expect(nextFor(slots, [1, 0, 0, 0, 0xff, 8, 0xff], items(10, 11, 12, 13))).toEqual({
      kind: 'write',
      label: 'deliver 1',
      delivers: 1,
      guards: [guard(0, 1), guard(4, 0xff), guard(6, 0xff)],
      writes: [write(4, 11), write(6, 12), write(0, 3)],
    });
  });

  it('gets nothing when no slot is free or nothing is owed', () => {
    expect(nextFor(slots, [0, 0, 0, 0, 1, 2, 3], items(10))).toBeUndefined();
    expect(nextFor(slots, [1, 0, 0, 0, 0xff, 0xff, 0xff], items(10))).toBeUndefined();
  });
});

describe('projection', () => {
  const projection = projectionDelivery({
    reads: [{ domain: 'RAM', offset: 4, size: 2 }],
    project: (list) => [write(4, list.length), write(5, 7)],
  });

  it('writes only what differs, guarded by what was there', () => {
    const effect = nextFor(projection, [0, 0, 0, 0, 1, 7], items(1, 2));
    expect(effect?.writes).toEqual([write(4, 2)]);
    expect(effect?.guards).toEqual([guard(4, 1), guard(5, 7)]);
    expect(effect?.delivers).toBeUndefined();
  });

  it('rests when memory is right', () => {
    expect(nextFor(projection, [0, 0, 0, 0, 2, 7], items(1, 2))).toBeUndefined();
  });
});
