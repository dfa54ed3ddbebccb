import { VirtualClock } from '@causeway/bridge/testing';
import { MAX_COMMAND, MAX_READ } from '@causeway/protocol/retroarch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burstsOf, cutForReading, ReadVariants } from './distinct-reads.js';
import type { BusSpan } from './memory-map.js';
import { RecentReads } from './recent-reads.js';

/** Something inside a block of any size and place. */
const span: fc.Arbitrary<BusSpan> = fc
  .tuple(fc.integer({ min: 0, max: 0xff_0000 }), fc.integer({ min: 1, max: 0x2_0000 }), fc.nat(), fc.nat())
  .map(([start, room, at, length]) => {
    const offset = at % room;
    const size = 1 + (length % (room - offset));
    return { address: start + offset, size, block: { start, end: start + room } };
  });

describe('the ways to ask for the same', () => {
  it('contain what is wanted, stay in the block and are few enough bytes', () => {
    fc.assert(
      fc.property(span, fc.nat({ max: 600 }), (whole, turns) => {
        const variants = new ReadVariants({ judge: () => 'owed' });
        for (let turn = 0; turn < turns % 40; turn++) variants.next();
        for (const piece of cutForReading(whole)) {
          const { command, skip } = variants.of(piece);
          expect(command.address + skip).toBe(piece.address);
          expect(command.size).toBeGreaterThanOrEqual(skip + piece.size);
          expect(command.size).toBeLessThanOrEqual(MAX_READ);
          expect(command.address).toBeGreaterThanOrEqual(piece.block.start);
          expect(command.address + command.size).toBeLessThanOrEqual(piece.block.end);
        }
      }),
    );
  });

  it('are pieces of the whole, in order and without holes', () => {
    fc.assert(
      fc.property(span, (whole) => {
        let next = whole.address;
        for (const { address, size } of cutForReading(whole)) {
          expect(address).toBe(next);
          expect(size).toBeGreaterThan(0);
          next += size;
        }
        expect(next).toBe(whole.address + whole.size);
      }),
    );
  });

  it('are never one that a reply is owed to, while there is another', () => {
    const clock = new VirtualClock();
    const recent = new RecentReads(clock);
    const variants = new ReadVariants(recent);
    const piece = { address: 0x7e_1000, size: 4, block: { start: 0x7e_0000, end: 0x7f_0000 } };
    const asked = new Set<string>();
    for (let turn = 0; turn < 240; turn++) {
      variants.next();
      const { address, size } = variants.of(piece).command;
      recent.sent(address, size);
      asked.add(`${address} ${size}`);
    }
    expect(asked.size).toBe(240);
  });

  it('pass over one that a reply is owed to, and one that was just answered if there is a better', () => {
    const piece = { address: 0x7e_1000, size: 4, block: { start: 0x7e_0000, end: 0x7f_0000 } };
    const taken = new Map<string, 'answered' | 'owed'>();
    const judge = (address: number, size: number) => taken.get(`${address} ${size}`) ?? 'clean';
    const variants = new ReadVariants({ judge });
    const choose = (): string => {
      const { address, size } = variants.of(piece).command;
      return `${address} ${size}`;
    };
    const first = choose();
    taken.set(first, 'owed');
    const second = choose();
    taken.set(second, 'answered');
    const third = choose();
    expect(new Set([first, second, third]).size).toBe(3);
    // Where no way is clean: better answered than owed.
    const all = new ReadVariants({ judge: (address, size) => (`${address} ${size}` === second ? 'answered' : 'owed') });
    const { command } = all.of(piece);
    expect(`${command.address} ${command.size}`).toBe(second);
  });

  it('are those asked longest ago when all are in use', () => {
    const clock = new VirtualClock();
    const recent = new RecentReads(clock);
    const variants = new ReadVariants(recent);
    const piece = { address: 0x7e_1000, size: 4, block: { start: 0x7e_0000, end: 0x7f_0000 } };
    const last = new Map<string, number>();
    for (let turn = 0; turn < 2000; turn++) {
      variants.next();
      const { address, size } = variants.of(piece).command;
      recent.sent(address, size);
      recent.came(address, size);
      const key = `${address} ${size}`;
      expect(turn - (last.get(key) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(256);
      last.set(key, turn);
    }
  });

  it.each([
    ['a Game Boy’s high RAM', 0xff80, 0x7f],
    ['a small save', 0x70_0000, 0x800],
    ['palettes', 0x0500_0000, 0x400],
  ])('are several for a whole block: %s', (_, start, size) => {
    const pieces = cutForReading({ address: start, size, block: { start, end: start + size } });
    for (const piece of pieces) {
      const variants = new ReadVariants({ judge: () => 'clean' });
      const ways = new Set<string>();
      for (let turn = 0; turn < 300; turn++) {
        variants.next();
        const { command } = variants.of(piece);
        ways.add(`${command.address} ${command.size}`);
      }
      expect(ways.size).toBeGreaterThanOrEqual(16);
    }
  });
});

it('a datagram holds what RetroArch takes and answers at once', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 60 }), (spans) => {
      const pieces = spans.flatMap(cutForReading).slice(0, 300);
      const bursts = burstsOf(pieces);
      expect(bursts.flat()).toEqual(pieces);
      const variants = new ReadVariants({ judge: () => 'clean' });
      for (const burst of bursts) {
        const commands = burst.map((piece) => variants.of(piece).command);
        const text = commands.map(({ address, size }) => `READ_CORE_MEMORY ${address.toString(16)} ${size}\n`).join('');
        expect(text.length + 'GET_STATUS'.length).toBeLessThanOrEqual(MAX_COMMAND);
        expect(commands.length).toBeLessThanOrEqual(31);
        const bytes = commands.reduce((sum, { size }) => sum + size, 0);
        expect(bytes).toBeLessThanOrEqual(16 * 1024 + 31 * 256);
      }
    }),
  );
  expect(burstsOf([])).toEqual([[]]);
});
