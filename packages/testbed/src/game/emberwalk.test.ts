import { describe, expect, it } from 'vitest';
import { ITEMS, LOCATIONS, ROOMS } from './facts.js';
import { readGameRom } from './game-rom.js';
import { DEATH_CAUSES, RAM, STATES, WRAM } from './memory-map.js';
import { stampRom } from './stamp-rom.js';
import { BUTTON, TestConsole } from './test-support/test-console.js';
import { TestSession } from './test-support/test-session.js';

const rom = stampRom(readGameRom(), { slotName: 'Ana', seed: 'test' });
const start = (image = rom): TestConsole => {
  const console = new TestConsole(image);
  console.play();
  return console;
};

/** For plays of thousands of frames on a busy machine. */
const LONG = { timeout: 120_000 };

/** The pool in an order in which every lock opens while there is still something to do. */
const POOL = 'Axe,Ember,Coin,Ember,Waders,Snail Trap,Ember,Brass Key,Ember,Feather,Coin,Ember,Ward,Apple,Ember,Coin'
  .concat(',Ember,Snail Trap,Coin,Apple,Ember,Coin,Apple,Coin')
  .split(',');

describe('Emberwalk by itself', () => {
  it('keeps the gate shut until the title is left, by itself or by START', () => {
    const console = new TestConsole(rom);
    console.run(1);
    expect(console.byte(RAM.state)).toBe(STATES.boot);
    console.run(9);
    expect(console.byte(RAM.state)).toBe(STATES.title);
    console.runUntil(() => console.byte(RAM.state) === STATES.playing, 150);
    expect(console.frames).toBeGreaterThan(100);

    const hurried = start();
    expect(hurried.frames).toBeLessThan(20);
  });

  it.each([{ items: [] }, { items: ['Axe'] }, { items: ['Waders'] }, { items: ['Brass Key', 'Waders'] }])(
    'opens with $items exactly the chests that need no more',
    LONG,
    ({ items }) => {
      const console = start();
      const session = new TestSession(console);
      session.give(...items);
      const within = LOCATIONS.filter(({ needs }) => needs.every((name) => items.includes(name)));
      session.playUntil(() => session.checks.length >= within.length, 5_000);
      const seen = console.frames;
      session.playUntil(() => console.frames >= seen + 800, 801);
      expect([...session.checks].sort()).toEqual(within.map(({ id }) => id));
      expect(session.goal).toBe(false);
    },
  );

  it('opens every chest once, takes every item once and lights the beacon', LONG, () => {
    const console = start();
    const session = new TestSession(console);
    const rooms = new Set<number>();
    session.playUntil(() => {
      if (session.given < session.checks.length) session.give(POOL[session.given]!);
      rooms.add(console.byte(RAM.room));
      return session.goal;
    }, 9_000);
    expect([...session.checks].sort()).toEqual(LOCATIONS.map(({ id }) => id));
    expect(rooms.size).toBe(ROOMS.length);
    expect(session.received).toBe(24);
    const inventory = console.read(RAM.inventory);
    expect(ITEMS.map(({ code }) => inventory[code])).toEqual(ITEMS.map(({ inPool }) => inPool));
    expect(console.byte(RAM.state)).toBe(STATES.ending);
    // A demonstration should last a minute or two.
    expect(console.frames).toBeGreaterThan(3_000);
    expect(console.frames).toBeLessThan(7_000);

    console.runUntil(() => console.byte(RAM.state) === STATES.playing, 700);
    session.give('Coin');
    session.playUntil(() => session.received === 25, 60);
  });

  it('does not light the beacon with five embers', LONG, () => {
    const console = start();
    const session = new TestSession(console);
    console.write(WRAM.chestFlags, [0xff, 0xff, 0xff]);
    session.give('Brass Key', 'Feather', 'Ward', 'Ember', 'Ember', 'Ember', 'Ember', 'Ember');
    session.playUntil(() => console.frames > 800, 800);
    expect(session.received).toBe(8);
    expect(session.goal).toBe(false);
    session.give('Ember');
    session.playUntil(() => session.goal, 1_500);
  });

  it('is the same run every time', LONG, () => {
    const [one, two] = [start(), start()];
    for (const console of [one, two]) {
      console.run(500);
      console.press(BUTTON.right, 40);
      console.run(500);
    }
    expect(one.memory()).toEqual(two.memory());
    expect(one.battery()).toEqual(two.battery());
  });
});

describe('the hero', () => {
  it('follows a controller and walks by itself again three seconds later', () => {
    const console = start();
    console.press(BUTTON.down, 30);
    expect(console.byte(RAM.autopilot)).toBe(0);
    // The step that was begun ends.
    console.run(15);
    const cell = console.byte(RAM.cell);
    console.run(150);
    expect(console.byte(RAM.autopilot)).toBe(0);
    expect(console.byte(RAM.cell)).toBe(cell);
    console.run(45);
    expect(console.byte(RAM.autopilot)).toBe(1);
    console.run(20);
    expect(console.byte(RAM.cell)).not.toBe(cell);
  });

  it('stays where it is after SELECT until SELECT comes again', () => {
    const console = start();
    console.press(BUTTON.select, 2);
    console.run(20);
    const cell = console.byte(RAM.cell);
    console.run(600);
    expect(console.byte(RAM.cell)).toBe(cell);
    console.press(BUTTON.select, 2);
    console.run(60);
    expect(console.byte(RAM.cell)).not.toBe(cell);
  });

  it('walks through no wall', LONG, () => {
    const console = start();
    console.press(BUTTON.select, 2);
    for (const button of [BUTTON.up, BUTTON.left, BUTTON.down, BUTTON.right, BUTTON.up]) {
      console.press(button, 400);
      const ground = console.read({ domain: 'RAM', offset: 0x0300, size: 192 })[console.byte(RAM.cell)]!;
      // Tree, hedge, brambles, deep and shallow water, wall, column, door, chest.
      expect([5, 6, 7, 9, 10, 11, 13, 14, 16, 17]).not.toContain(ground);
    }
  });

  it('dies on spikes, counts it and stands up by the camp fire', () => {
    const console = start();
    console.press(BUTTON.select, 2);
    console.run(20);
    const cell = console.byte(RAM.cell);
    console.write({ domain: 'RAM', offset: 0x0300 + cell + 1 }, [22]);
    console.press(BUTTON.right, 20);
    expect(console.byte(WRAM.deaths)).toBe(1);
    expect(console.byte(WRAM.deathCause)).toBe(DEATH_CAUSES.spikes);
    expect(console.byte(RAM.dying)).toBeGreaterThan(0);
    console.runUntil(() => console.byte(RAM.dying) === 0, 100);
    expect(console.byte(RAM.cell)).toBe(6 * 16 + 3);
  });

  it('dies on request, once, and does not count that as its own death', () => {
    const console = start();
    console.write(RAM.kill, [1]);
    console.run(2);
    expect(console.byte(RAM.kill)).toBe(0);
    expect(console.byte(RAM.dying)).toBeGreaterThan(0);
    console.run(200);
    expect(console.byte(WRAM.linkDeaths)).toBe(1);
    expect(console.byte(WRAM.deaths)).toBe(0);
  });

  it('is slower with a snail on its foot', LONG, () => {
    const steps = (names: readonly string[]): number => {
      const console = start();
      const session = new TestSession(console);
      session.give(...names);
      session.playUntil(() => session.received === names.length, 60);
      let moves = 0;
      let cell = console.byte(RAM.cell);
      for (let i = 0; i < 300; i++) {
        console.run(1);
        if (console.byte(RAM.cell) !== cell) moves++;
        cell = console.byte(RAM.cell);
      }
      return moves;
    };
    expect(steps(['Snail Trap'])).toBeLessThan(steps(['Coin']));
    expect(steps(['Feather'])).toBeGreaterThan(steps(['Coin']));
  });
});
