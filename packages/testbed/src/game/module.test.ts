import { type Frame, type StepResult, viewMemory } from '@causeway/bridge/game';
import type { Room } from '@causeway/bridge/multiworld';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATA_PACKAGE, ITEMS, LOCATIONS } from './facts.js';
import { REGIONS } from './game-memory.js';
import { readGameRom } from './game-rom.js';
import { IDENT, INES_HEADER_SIZE, RAM, STATES, UNKNOWN_ITEM, WRAM } from './memory-map.js';
import { type EmberwalkState, module } from './module.js';
import { type StampOptions, stampRom } from './stamp-rom.js';
import { itemId, roomWith } from './test-support/test-session.js';

const IDLE: EmberwalkState = { killDue: false, toldFull: false };

/** Memory of a game that is being played, and ways to change it. */
class FakeMemory {
  readonly #domains: Readonly<Record<string, Uint8Array>>;

  constructor(options: Partial<StampOptions> = {}) {
    const rom = stampRom(readGameRom(), { slotName: 'Ana', ...options });
    this.#domains = {
      'PRG ROM': rom.slice(INES_HEADER_SIZE),
      RAM: new Uint8Array(0x800),
      WRAM: new Uint8Array(0x2000),
    };
    this.set(RAM.state, STATES.playing);
    this.set(WRAM.magic, ...new TextEncoder().encode('EMBRSAVE'));
    this.set(WRAM.stamp, ...this.get(IDENT.stamp));
  }

  get({ domain, offset, size }: { domain: string; offset: number; size: number }): Uint8Array {
    return this.#domains[domain]!.slice(offset, offset + size);
  }

  set({ domain, offset }: { domain: string; offset: number }, ...bytes: readonly number[]): this {
    this.#domains[domain]!.set(bytes, offset);
    return this;
  }

  step(room: Room = roomWith([]), state = IDLE, frame: Partial<Frame> = {}): StepResult<EmberwalkState> {
    const { regions } = module.plan(state, room);
    const snapshot = Object.fromEntries(Object.entries(regions).map(([name, region]) => [name, this.get(region)]));
    return module.step({ snapshot, time: 0, outcomes: [], deaths: [], ...frame }, room, state);
  }
}

const checksOf = ({ effects }: StepResult<EmberwalkState>): readonly number[] =>
  effects.flatMap((effect) => (effect.kind === 'check' ? effect.locations : []));
const writesOf = ({ effects }: StepResult<EmberwalkState>) => effects.filter((effect) => effect.kind === 'write');

describe('facts', () => {
  it('names 24 chests and a pool that fills them', () => {
    expect(LOCATIONS).toHaveLength(24);
    expect(new Set(LOCATIONS.map(({ id }) => id)).size).toBe(24);
    expect(Object.keys(DATA_PACKAGE.location_name_to_id)).toHaveLength(24);
    expect(Object.keys(DATA_PACKAGE.item_name_to_id)).toHaveLength(ITEMS.length);
    expect(ITEMS.reduce((sum, { inPool }) => sum + inPool, 0)).toBe(24);
  });
});

describe('recognising the game', () => {
  const identify = (rom: Uint8Array) =>
    module.identify({ ident: rom.slice(INES_HEADER_SIZE, INES_HEADER_SIZE + IDENT.block.size) }, { system: 'NES' });

  it('knows a stamped copy and whose it is', () => {
    const rom = stampRom(readGameRom(), { slotName: 'Zoë', seed: 'W123', deathLink: true });
    expect(identify(rom)).toEqual({
      match: 'yes',
      identity: { title: 'Emberwalk for Zoë', slotName: 'Zoë', seed: 'W123', itemsHandling: 7, tags: ['DeathLink'] },
    });
    expect(identify(stampRom(rom, { slotName: 'Bo' }))).toEqual({
      match: 'yes',
      identity: { title: 'Emberwalk for Bo', slotName: 'Bo', itemsHandling: 7 },
    });
  });

  it('says what is wrong with an unstamped, damaged or other copy', () => {
    const original = readGameRom();
    const damaged = stampRom(original, { slotName: 'Ana' });
    damaged[INES_HEADER_SIZE + IDENT.slotName.offset] = 0x42;
    const newer = Uint8Array.from(original);
    newer[INES_HEADER_SIZE + IDENT.version.offset] = 2;
    for (const rom of [original, damaged, newer]) expect(identify(rom).match).toBe('near');
  });

  it('does not know anything else, whatever it is', () => {
    expect(module.identify({}, { system: 'NES' })).toEqual({ match: 'no' });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (ident) => {
        expect(module.identify({ ident }, { system: 'NES' }).match).toBe('no');
      }),
    );
  });
});

describe('checks', () => {
  it.each(LOCATIONS)('reports $name for its flag alone', ({ flag, id }) => {
    const memory = new FakeMemory().set(
      { domain: 'WRAM', offset: WRAM.chestFlags.offset + Math.floor(flag / 8) },
      1 << (flag % 8),
    );
    expect(checksOf(memory.step())).toEqual([id]);
  });

  it('reports nothing outside the room', () => {
    const memory = new FakeMemory().set(WRAM.chestFlags, 0xff, 0xff, 0xff);
    const room = { ...roomWith([]), locations: new Set([LOCATIONS[4]!.id]) };
    expect(checksOf(memory.step(room))).toEqual([LOCATIONS[4]!.id]);
    expect(checksOf(memory.step())).toHaveLength(24);
  });

  it.each([
    { shut: 'on the title', change: (memory: FakeMemory) => memory.set(RAM.state, STATES.title) },
    { shut: 'while it boots', change: (memory: FakeMemory) => memory.set(RAM.state, STATES.boot) },
    { shut: 'without a save', change: (memory: FakeMemory) => memory.set(WRAM.magic, 0) },
    { shut: 'with the save of another copy', change: (memory: FakeMemory) => memory.set(WRAM.stamp, 1, 2, 3, 4) },
  ])('wants and tells nothing $shut', ({ change }) => {
    const memory = new FakeMemory({ deathLink: true }).set(WRAM.chestFlags, 0xff, 0xff, 0xff).set(WRAM.goal, 1);
    change(memory);
    const result = memory.step(roomWith([itemId('Axe')]), { ...IDLE, deaths: 0, killDue: true });
    expect(result).toMatchObject({ effects: [], playing: false });
    expect(result.received).toBeUndefined();
  });

  it('reports the goal while and after the beacon is lit', () => {
    const goal = (memory: FakeMemory) => memory.step().effects.some(({ kind }) => kind === 'goal');
    expect(goal(new FakeMemory())).toBe(false);
    expect(goal(new FakeMemory().set(WRAM.goal, 1))).toBe(true);
    expect(goal(new FakeMemory().set(WRAM.goal, 1).set(RAM.state, STATES.ending))).toBe(true);
  });
});

describe.each(['game', 'client'] as const)('handing over, counted by the %s', (delivery) => {
  const counter = delivery === 'game' ? WRAM.taken : WRAM.received;
  const at = (count: number): FakeMemory =>
    new FakeMemory({ delivery }).set(WRAM.taken, count).set(WRAM.received, count);
  const all = roomWith(ITEMS.map(({ id }) => id));

  it.each(ITEMS.map((item, index) => ({ ...item, index })))('writes exactly the bytes of $name', ({ code, index }) => {
    const result = at(index).step(all);
    expect(result.received).toBe(index);
    const [write, ...others] = writesOf(result);
    expect(others).toEqual([]);
    expect(write?.delivers).toBe(index);
    expect(write?.writes).toEqual(
      delivery === 'game'
        ? [{ at: { domain: 'RAM', offset: 0x710 }, data: Uint8Array.of(1, code, index) }]
        : [
            { at: { domain: 'WRAM', offset: 0x16 }, data: Uint8Array.of(code) },
            { at: { domain: 'WRAM', offset: 0x15 }, data: Uint8Array.of(index + 1) },
          ],
    );
  });

  it('guards counter, mailbox, gate, save and copy', () => {
    const guarded = writesOf(at(0).step(all))[0]!.guards;
    const box = delivery === 'game' ? RAM.mailFull : WRAM.inbox;
    for (const { domain, offset, size } of [counter, box, RAM.state, WRAM.magic, WRAM.stamp, IDENT.head]) {
      const guard = guarded.find(({ at: place }) => place.domain === domain && place.offset === offset);
      expect(guard?.expect.length, `${domain} ${offset}`).toBe(size);
    }
  });

  it('waits while something lies in the mailbox, and when nothing is owed', () => {
    const busy = delivery === 'game' ? at(0).set(RAM.mailFull, 1) : at(0).set(WRAM.inbox, 7);
    expect(writesOf(busy.step(all))).toEqual([]);
    expect(writesOf(at(ITEMS.length).step(all))).toEqual([]);
    if (delivery === 'client') expect(writesOf(at(1).set(WRAM.taken, 0).step(all))).toEqual([]);
  });

  it('hands over what it does not know as something odd, and says once that the bag is full', () => {
    const write = writesOf(at(0).step(roomWith([999])))[0]!;
    expect(write.writes[0]!.data).toContain(UNKNOWN_ITEM);

    const many = roomWith(Array.from({ length: 300 }, () => itemId('Coin')));
    const first = at(255).step(many);
    expect(first.effects.map(({ kind }) => kind)).toEqual(['check', 'message']);
    expect(
      at(255)
        .step(many, first.state)
        .effects.map(({ kind }) => kind),
    ).toEqual(['check']);
  });
});

describe('shared deaths', () => {
  const shared = (): FakeMemory => new FakeMemory({ deathLink: true });
  const deathsOf = (result: StepResult<EmberwalkState>) => result.effects.filter(({ kind }) => kind === 'death');
  const death = { time: 1, source: 'Bo' };

  it('tells a death once, and none that was there before or went away', () => {
    const first = shared().set(WRAM.deaths, 5).step();
    expect(deathsOf(first)).toEqual([]);
    const second = shared().set(WRAM.deaths, 6).set(WRAM.deathCause, 2).step(roomWith([]), first.state);
    expect(deathsOf(second)).toEqual([{ kind: 'death', cause: 'Ana was taken by a wisp.' }]);
    const third = shared().set(WRAM.deaths, 6).step(roomWith([]), second.state);
    expect(deathsOf(third)).toEqual([]);
    expect(deathsOf(shared().set(WRAM.deaths, 2).step(roomWith([]), third.state))).toEqual([]);
  });

  it('kills the hero until it was done, and only where deaths are shared', () => {
    const due = shared().step(roomWith([]), IDLE, { deaths: [death] });
    expect(writesOf(due)).toMatchObject([{ label: 'kill', writes: [{ at: { domain: 'RAM', offset: 0x718 } }] }]);
    const refused = shared().step(roomWith([]), due.state, { outcomes: [{ label: 'kill', outcome: 'refused' }] });
    expect(writesOf(refused)).toHaveLength(1);
    const done = shared().step(roomWith([]), refused.state, { outcomes: [{ label: 'kill', outcome: 'applied' }] });
    expect(writesOf(done)).toEqual([]);
    expect(writesOf(shared().set(RAM.dying, 9).step(roomWith([]), due.state))).toEqual([]);
    expect(writesOf(new FakeMemory().step(roomWith([]), IDLE, { deaths: [death] }))).toEqual([]);
    expect(deathsOf(new FakeMemory().set(WRAM.deaths, 6).step(roomWith([]), { ...IDLE, deaths: 5 }))).toEqual([]);
  });
});

describe('the plan', () => {
  it('covers all the module looks at in three small reads', () => {
    const sizes = Object.values(REGIONS).map(({ size }) => size);
    expect(sizes).toHaveLength(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(100);
    expect(() => viewMemory(REGIONS, {}).bytes(RAM.state)).toThrow(RangeError);
  });
});
