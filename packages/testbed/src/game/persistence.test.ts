import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ITEMS } from './facts.js';
import { readGameRom } from './game-rom.js';
import type { DeliveryModel } from './identification.js';
import { IDENT, RAM, STATES, WRAM } from './memory-map.js';
import { stampRom } from './stamp-rom.js';
import { TestConsole } from './test-support/test-console.js';
import { TestSession } from './test-support/test-session.js';

/** For plays of thousands of frames on a busy machine. */
const LONG = { timeout: 120_000 };
const MODELS: readonly DeliveryModel[] = ['game', 'client'];
const romOf = (delivery: DeliveryModel, seed = 'test'): Uint8Array =>
  stampRom(readGameRom(), { slotName: 'Ana', seed, delivery });

const bagOf = (console: TestConsole): readonly number[] => [
  ...console.read({ ...WRAM.bag, size: console.byte(WRAM.taken) }),
];
const itemAt = (index: number) => ITEMS[index % ITEMS.length]!;
const codes = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => itemAt(index).code);

/** What the hero has is what the bag says. */
const expectConsistent = (console: TestConsole): void => {
  const inventory = console.read(RAM.inventory);
  const bag = bagOf(console);
  for (const { code } of ITEMS) {
    expect(inventory[code], `code ${code}`).toBe(bag.filter((each) => each === code).length);
  }
};

const played = (image: Uint8Array): { console: TestConsole; session: TestSession } => {
  const console = new TestConsole(image);
  console.play();
  const session = new TestSession(console);
  session.give('Axe', 'Coin', 'Ember');
  session.playUntil(() => session.received === 3 && session.checks.length >= 3, 1_000);
  return { console, session };
};

describe.each(MODELS)('a save, items counted by the %s', (model) => {
  it.each([
    { what: 'a soft reset', fault: (console: TestConsole) => console.softReset() },
    { what: 'a power cycle', fault: (console: TestConsole) => console.powerCycle() },
  ])('survives $what', LONG, ({ fault }) => {
    const { console, session } = played(romOf(model));
    const flags = console.read(WRAM.chestFlags);
    fault(console);
    console.run(2);
    expect(console.byte(RAM.state)).not.toBe(STATES.playing);
    session.tick();
    expect(session.playing).toBe(false);
    expect(session.received).toBeUndefined();
    console.play();
    expect(console.read(WRAM.chestFlags)).toEqual(flags);
    session.tick();
    expect(session.received).toBe(3);
    expectConsistent(console);
    const before = session.written.length;
    session.playUntil(() => session.checks.length >= 5, 1_500);
    expect(session.written.length).toBe(before);
  });

  it('hands over again what a save state took back, and nothing else', () => {
    const { console, session } = played(romOf(model));
    const old = console.battery();
    session.give('Coin', 'Waders');
    session.playUntil(() => session.received === 5, 60);
    console.powerCycle(old);
    console.play();
    session.playUntil(() => session.received === 5, 60);
    console.run(2);
    expect(bagOf(console)).toEqual([3, 7, 4, 7, 2]);
    expectConsistent(console);
  });

  it('is left alone by a batch that comes late or twice', () => {
    const { console, session } = played(romOf(model));
    for (const { writes } of [...session.written]) {
      session.put(writes);
      console.run(3);
      expect(bagOf(console)).toEqual([3, 7, 4]);
    }
    session.give('Waders');
    session.playUntil(() => session.received === 4, 60);
    console.run(2);
    expect(bagOf(console)).toEqual([3, 7, 4, 2]);
  });

  it('is put right when a device tears a batch between any two frames', () => {
    const { console, session } = played(romOf(model));
    const last = session.written.at(-1)!;
    // The same item again, byte by byte and in both orders, each byte in a frame of its own.
    const bytes = last.writes.flatMap(({ at, data }) =>
      [...data].map((byte, index) => ({ at: { ...at, offset: at.offset + index }, data: Uint8Array.of(byte) })),
    );
    for (const order of [bytes, [...bytes].reverse()]) {
      for (const byte of order) {
        session.put([byte]);
        console.run(1);
      }
      console.run(2);
      expect(bagOf(console)).toEqual([3, 7, 4]);
    }
    session.give('Waders');
    session.playUntil(() => session.received === 4, 60);
    console.run(2);
    expect(bagOf(console)).toEqual([3, 7, 4, 2]);
  });

  it('stops at 255 items', LONG, () => {
    const console = new TestConsole(romOf(model));
    console.play();
    const session = new TestSession(console);
    session.give(...Array.from({ length: 260 }, (_, index) => itemAt(index).name));
    session.playUntil(() => session.received === 255, 1_500);
    const writes = session.written.length;
    session.playUntil(() => session.written.length > writes || console.frames % 60 === 0, 120);
    expect(session.written.length).toBe(writes);
    console.run(2);
    expect(bagOf(console)).toEqual(codes(255));
  });
});

/** A fault after every single instruction, from the handing over until well after the item was taken. */
const faultEverywhere = (model: DeliveryModel, stride: number, fault: (console: TestConsole) => void): number => {
  const image = romOf(model);
  let console = new TestConsole(image);
  let session = new TestSession(console);
  let given = 0;
  const renew = (): void => {
    console = new TestConsole(image);
    console.play();
    session = new TestSession(console);
    given = 0;
  };
  renew();
  let after = 0;
  let at = 0;
  for (; after < 60; at += stride) {
    if (given >= 250) renew();
    session.give(itemAt(given).name);
    given++;
    session.tick();
    expect(session.written.at(-1)?.delivers).toBe(given - 1);
    let taken = false;
    const within = console.interrupt(at, () => {
      taken = console.byte(WRAM.taken) === given && console.byte(RAM.mailFull) === 0 && console.byte(WRAM.inbox) === 0;
      fault(console);
    });
    expect(within, 'the item is taken within the frame').toBe(true);
    after = taken ? after + stride : 0;
    console.play();
    expect([given - 1, given]).toContain(console.byte(WRAM.taken));
    session.playUntil(() => session.received === given, 10);
    console.run(6);
    expect(bagOf(console), `fault after ${at} instructions`).toEqual(codes(given));
    expectConsistent(console);
  }
  return at;
};

describe.each(MODELS)('an item on its way, items counted by the %s', (model) => {
  it('is neither lost nor doubled by a reset at any instruction', LONG, () => {
    expect(faultEverywhere(model, 1, (console) => console.softReset())).toBeGreaterThan(100);
  });

  it('is neither lost nor doubled by a power cut', LONG, () => {
    expect(faultEverywhere(model, 5, (console) => console.powerCycle())).toBeGreaterThan(100);
  });
});

describe('what is no save', () => {
  const flip = (battery: Uint8Array, offset: number): Uint8Array => {
    const copy = Uint8Array.from(battery);
    copy[offset] = (copy[offset] ?? 0) ^ 1;
    return copy;
  };

  it('begins anew on another seed, on a damaged bag, on whatever memory held', () => {
    const { console } = played(romOf('game'));
    const battery = console.battery();
    const fresh = (image: Uint8Array, memory: Uint8Array): void => {
      const other = new TestConsole(image);
      other.powerCycle(memory);
      other.play();
      expect(other.byte(WRAM.taken)).toBe(0);
      expect([...other.read(WRAM.chestFlags)]).toEqual([0, 0, 0]);
      expect(other.read(WRAM.stamp)).toEqual(other.read(IDENT.stamp));
    };
    fresh(romOf('game', 'another'), battery);
    fresh(romOf('client'), battery);
    for (const { offset } of [WRAM.magic, WRAM.stamp, WRAM.bag, WRAM.bagCheck]) {
      fresh(romOf('game'), flip(battery, offset));
    }
    fresh(romOf('game'), new Uint8Array(0x2000).fill(0xff));
    fresh(romOf('game'), new Uint8Array(0x2000));
  });

  it('is never taken for one when a new game was interrupted', LONG, () => {
    const image = romOf('game');
    const { console } = played(romOf('game', 'another'));
    const foreign = console.battery();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 6_000 }), (frames, instructions) => {
        const other = new TestConsole(image);
        other.powerCycle(foreign);
        other.run(frames);
        other.interrupt(instructions, () => other.powerCycle());
        other.play();
        expect(other.byte(WRAM.taken)).toBe(0);
        expect([...other.read(WRAM.chestFlags)]).toEqual([0, 0, 0]);
        expect(other.byte(RAM.room)).toBe(1);
      }),
      { numRuns: 60 },
    );
  });
});
