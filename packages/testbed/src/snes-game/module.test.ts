import { type Cell, encodeCell, type Frame, type StepResult } from '@causeway/bridge/game';
import type { Room } from '@causeway/bridge/multiworld';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATA_PACKAGE, GAME, ITEMS, LOCATIONS } from './facts.js';
import { BAG_SIZE, MAGIC, MODES, SAVE, STATE, UNKNOWN_ITEM } from './memory-map.js';
import { type MarshlightState, module } from './module.js';
import { PROGRESS_REGIONS, readProgress } from './progress.js';

const ALONE: MarshlightState = { shared: false, killDue: false, toldFull: false };
const SHARED: MarshlightState = { ...ALONE, shared: true, deaths: 0 };
const DEATH = { time: 0, source: 'Ben', cause: '' };

const itemId = (name: string): number => ITEMS.find((item) => item.name === name)!.id;
const roomWith = (...items: readonly number[]): Room => ({
  seed: 'test',
  team: 0,
  slot: 1,
  slotName: 'Ana',
  game: GAME,
  slotData: {},
  players: [],
  items: items.map((item, index) => ({ index, item, location: 1, player: 2, flags: 0 })),
  locations: new Set(LOCATIONS.map(({ id }) => id)),
  checked: new Set(),
});

/** Work RAM of a game that is being played, and ways to change it. */
class FakeMemory {
  readonly #head = new Uint8Array(STATE.head.size);

  constructor() {
    this.text(STATE.magic, MAGIC).text(STATE.ownerName, 'Ana').text(STATE.ownerSeed, 'test');
    this.set(STATE.mode, MODES.playing);
  }

  bytes({ offset, size }: { offset: number; size: number }): Uint8Array {
    const start = offset - STATE.head.offset;
    return this.#head.subarray(start, start + size);
  }

  set(cell: Cell, value: number): this {
    this.bytes(cell).set(encodeCell(cell, value));
    return this;
  }

  text(region: { offset: number; size: number }, value: string): this {
    this.bytes(region).fill(0).set(new TextEncoder().encode(value));
    return this;
  }

  step(room: Room = roomWith(), state = ALONE, frame: Partial<Frame> = {}): StepResult<MarshlightState> {
    const snapshot = Object.fromEntries(
      Object.entries(module.plan(state, room).regions).map(([name, region]) => [name, this.bytes(region).slice()]),
    );
    return module.step({ snapshot, time: 0, outcomes: [], deaths: [], ...frame }, room, state);
  }
}

const checksOf = ({ effects }: StepResult<MarshlightState>) =>
  effects.flatMap((effect) => (effect.kind === 'check' ? effect.locations : []));
const writesOf = ({ effects }: StepResult<MarshlightState>) => effects.filter((effect) => effect.kind === 'write');
const kindsOf = ({ effects }: StepResult<MarshlightState>) => effects.map(({ kind }) => kind);

describe('facts', () => {
  it('names 24 chests and a pool that fills them', () => {
    expect(LOCATIONS).toHaveLength(24);
    expect(new Set(Object.values(DATA_PACKAGE.location_name_to_id)).size).toBe(24);
    expect(Object.keys(DATA_PACKAGE.location_name_to_id)).toHaveLength(24);
    expect(ITEMS.reduce((sum, { inPool }) => sum + inPool, 0)).toBe(24);
  });
});

describe('what a look tells', () => {
  it.each(LOCATIONS)('the check of $name', ({ flag, id }) => {
    const memory = new FakeMemory();
    memory.bytes(STATE.chests)[flag >> 3] = 1 << (flag & 7);
    expect(checksOf(memory.step())).toEqual([id]);
  });

  it('nothing outside the room', () => {
    const memory = new FakeMemory();
    memory.bytes(STATE.chests).fill(0xff);
    expect(checksOf(memory.step())).toHaveLength(24);
    const { id } = LOCATIONS[4]!;
    expect(checksOf(memory.step({ ...roomWith(), locations: new Set([id]) }))).toEqual([id]);
  });

  it('the goal, the frame, the count, and whose save it is', () => {
    const memory = new FakeMemory().set(STATE.goal, 1).set(STATE.frames, 70_000).set(STATE.taken, 3);
    const result = memory.step();
    expect(result.effects).toContainEqual({ kind: 'goal' });
    expect(result).toMatchObject({ frame: 70_000, received: 3, save: { slotName: 'Ana', seed: 'test' } });
    expect(memory.text(STATE.ownerSeed, '').step().save).toEqual({ slotName: 'Ana' });
    expect(memory.text(STATE.ownerName, '').step()).not.toHaveProperty('save');
    memory.bytes(STATE.ownerName).fill(0xff);
    expect(memory.step()).not.toHaveProperty('save');
  });

  it.each([
    ['on the title', (memory: FakeMemory) => memory.set(STATE.mode, MODES.title)],
    ['while it boots', (memory: FakeMemory) => memory.set(STATE.mode, MODES.boot)],
    ['with another program in memory', (memory: FakeMemory) => memory.text(STATE.magic, 'MARSHLIGHT/SNEX')],
  ])('nothing %s, and wants nothing', (_, change) => {
    const memory = new FakeMemory().set(STATE.goal, 1).set(STATE.deaths, 3).set(STATE.taken, 1);
    memory.bytes(STATE.chests).fill(0xff);
    change(memory);
    const result = memory.step(roomWith(itemId('Reed'), itemId('Key')), { ...SHARED, killDue: true });
    expect(result).toMatchObject({ playing: false, effects: [], state: { killDue: true } });
    expect(result.state).not.toHaveProperty('deaths');
    expect(result).not.toHaveProperty('received');
  });
});

describe('the numbered mailbox', () => {
  const all = roomWith(...ITEMS.map(({ id }) => id));

  it.each(ITEMS.map((item, index) => ({ ...item, index })))(
    'is filled with exactly the bytes of $name, the flag last',
    ({ code, index }) => {
      const [write, ...others] = writesOf(new FakeMemory().set(STATE.taken, index).step(all));
      expect(others).toEqual([]);
      expect(write).toMatchObject({
        delivers: index,
        writes: [
          { at: { domain: 'WRAM', offset: 0x1032 }, data: Uint8Array.of(index + 1, 0, code, 0, 2, 0) },
          { at: { domain: 'WRAM', offset: 0x1030 }, data: Uint8Array.of(1) },
        ],
      });
    },
  );

  it('guards the counter, the mailbox, the gate, the game and whose save it is', () => {
    const { guards } = writesOf(new FakeMemory().step(all))[0]!;
    const { taken, mailFull, mode, magic, ownerName, ownerSeed } = STATE;
    for (const { offset, size } of [taken, mailFull, mode, magic, ownerName, ownerSeed]) {
      expect(guards.find(({ at }) => at.offset === offset)?.expect.length).toBe(size);
    }
  });

  it('is left alone while it is full, while the keeper is dead, and when nothing is owed', () => {
    expect(writesOf(new FakeMemory().set(STATE.mailFull, 1).step(all))).toEqual([]);
    expect(writesOf(new FakeMemory().set(STATE.mode, MODES.dead).step(all))).toEqual([]);
    expect(writesOf(new FakeMemory().set(STATE.taken, ITEMS.length).step(all))).toEqual([]);
  });

  it('waits for the next look after a delivery', () => {
    const outcomes = [{ label: 'deliver 0', outcome: 'applied' }] as const;
    expect(writesOf(new FakeMemory().step(all, ALONE, { outcomes }))).toEqual([]);
  });

  it('hands over what it does not know as something odd', () => {
    expect(writesOf(new FakeMemory().step(roomWith(999)))[0]!.writes[0]!.data[2]).toBe(UNKNOWN_ITEM);
  });

  it('says once that the bag is full, and does not fill it further', () => {
    const many = roomWith(...Array.from({ length: BAG_SIZE + 1 }, () => itemId('Reed')));
    expect(kindsOf(new FakeMemory().set(STATE.taken, BAG_SIZE - 1).step(many))).toEqual(['check', 'write']);
    const memory = new FakeMemory().set(STATE.taken, BAG_SIZE);
    const first = memory.step(many);
    expect(kindsOf(first)).toEqual(['check', 'message']);
    expect(kindsOf(memory.step(many, first.state))).toEqual(['check']);
  });
});

describe('shared deaths', () => {
  const after = (memory: FakeMemory, state: MarshlightState, time: number, frame: Partial<Frame> = {}) =>
    memory.step(roomWith(), state, { time, ...frame });

  it('tells a death once, and none that was there before or went away', () => {
    const first = new FakeMemory().set(STATE.deaths, 5).step(roomWith(), { ...ALONE, shared: true });
    expect(kindsOf(first)).toEqual(['check']);
    const second = after(new FakeMemory().set(STATE.deaths, 6), first.state, 0);
    expect(second.effects).toContainEqual({ kind: 'death', cause: 'Ana sank into the marsh.' });
    const third = after(new FakeMemory().set(STATE.deaths, 6), second.state, 0);
    expect(kindsOf(third)).toEqual(['check']);
    expect(kindsOf(after(new FakeMemory().set(STATE.deaths, 2), third.state, 0))).toEqual(['check']);
  });

  it('kills the keeper until that was done, and only where deaths are shared', () => {
    const due = after(new FakeMemory(), SHARED, 0, { deaths: [DEATH] });
    expect(writesOf(due)).toMatchObject([
      { label: 'kill', writes: [{ at: { domain: 'WRAM', offset: 0x1068 }, data: Uint8Array.of(1) }] },
    ]);
    const refused = after(new FakeMemory(), due.state, 0, { outcomes: [{ label: 'kill', outcome: 'refused' }] });
    expect(writesOf(refused)).toHaveLength(1);
    expect(writesOf(after(new FakeMemory().set(STATE.mode, MODES.dead), refused.state, 0))).toEqual([]);
    for (const outcome of ['applied', 'unknown'] as const) {
      const done = after(new FakeMemory(), refused.state, 0, { outcomes: [{ label: 'kill', outcome }] });
      expect(writesOf(done)).toEqual([]);
    }
    expect(kindsOf(new FakeMemory().step(roomWith(), ALONE, { deaths: [DEATH] }))).toEqual(['check']);
    expect(kindsOf(new FakeMemory().set(STATE.deaths, 6).step(roomWith(), { ...ALONE, deaths: 5 }))).toEqual(['check']);
  });

  it('does not tell of the death it caused, however long the game stood still before it', () => {
    const applied = [{ label: 'kill', outcome: 'applied' }] as const;
    let { state } = after(new FakeMemory().set(STATE.kill, 1), { ...SHARED, killDue: true }, 0, { outcomes: applied });
    for (let time = 1000; time <= 60_000; time += 1000) {
      ({ state } = after(new FakeMemory().set(STATE.kill, 1), state, time));
    }
    const dead = after(new FakeMemory().set(STATE.deaths, 1).set(STATE.mode, MODES.dead), state, 60_500);
    expect(kindsOf(dead)).toEqual(['check']);
    const later = after(new FakeMemory().set(STATE.deaths, 2), dead.state, 64_000);
    expect(kindsOf(later)).toContain('death');
  });
});

describe('whatever memory holds', () => {
  it('is looked at without a fault, and nothing is written that was not asked for', () => {
    const room = roomWith(itemId('Reed'));
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: STATE.head.size, maxLength: STATE.head.size }),
        fc.boolean(),
        (bytes, up) => {
          const memory = new FakeMemory();
          memory.bytes(STATE.head).set(bytes);
          if (up) memory.text(STATE.magic, MAGIC);
          const result = memory.step(room, SHARED);
          if (!up) expect(result.effects).toEqual([]);
          for (const { at } of writesOf(result).flatMap(({ writes }) => writes)) {
            expect([STATE.mail.offset, STATE.mailFull.offset, STATE.kill.offset]).toContain(at.offset);
          }
        },
      ),
    );
  });
});

describe('readProgress', () => {
  it('reads chests and bag from the save', () => {
    const sram = new Uint8Array(0x2000);
    sram.set([0x21, 0, 0, 0x01], SAVE.chests.offset);
    sram.set([3], SAVE.taken.offset);
    sram.set([7, 1, 0x66, 9], SAVE.bag.offset);
    const progress = readProgress(({ offset, size }) => sram.subarray(offset, offset + size));
    expect(progress).toEqual({
      locations: [0, 5, 24].map((flag) => LOCATIONS.find((location) => location.flag === flag)!.id),
      items: [itemId('Reed'), itemId('Stilts'), -1],
    });
    expect(PROGRESS_REGIONS.every(({ domain }) => domain === 'SRAM')).toBe(true);
  });
});
