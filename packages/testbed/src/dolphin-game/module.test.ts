import { type Cell, encodeCell, type Frame, type StepResult } from '@causeway/bridge/game';
import type { Room } from '@causeway/bridge/multiworld';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATA_PACKAGE, GAME, ITEMS, LOCATIONS } from './facts.js';
import { writeIdent } from './identification.js';
import { encodeMail } from './mail.js';
import { BAG_SIZE, FREE, IDENT, MAGIC, MEM1_BASE, PLAYER, SCENES, STATE, STATS, UNKNOWN_ITEM } from './memory-map.js';
import { module, type RillgateState } from './module.js';
import { PROGRESS_REGIONS, readProgress } from './progress.js';

const FRESH: RillgateState = { chain: {}, killDue: false, toldFull: false };
const PLAYER_AT = 0x8031_0000;
const STATS_AT = 0x8031_0400;
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

/** Memory of a game that is being played, and ways to change it. */
class FakeMemory {
  readonly #mem1 = new Uint8Array(0x32_0000);

  constructor(options: { delivery?: 'game' | 'client'; deathLink?: boolean } = {}) {
    this.bytes(IDENT.magic).set(new TextEncoder().encode(MAGIC));
    this.set(IDENT.version, 1);
    writeIdent(this.bytes(IDENT.block), { slotName: 'Ana', seed: '', delivery: 'game', deathLink: false, ...options });
    this.bytes(STATE.magic).set(new TextEncoder().encode(MAGIC));
    this.bytes(STATE.give).fill(FREE);
    this.set(STATE.scene, SCENES.game).set(STATE.player, PLAYER_AT);
    this.word(PLAYER_AT + PLAYER.stats, STATS_AT).word(STATS_AT + STATS.health, 12 << 16);
  }

  bytes({ offset, size }: { offset: number; size: number }): Uint8Array {
    return this.#mem1.subarray(offset, offset + size);
  }

  set(cell: Cell, value: number): this {
    this.#mem1.set(encodeCell(cell, value), cell.offset);
    return this;
  }

  word(address: number, value: number): this {
    new DataView(this.#mem1.buffer).setUint32(address - MEM1_BASE, value);
    return this;
  }

  /** A look, as the session takes it: nothing is read when a guard of the plan does not hold. */
  step(room: Room = roomWith(), state = FRESH, frame: Partial<Frame> = {}): StepResult<RillgateState> {
    const { regions, guards = [] } = module.plan(state, room);
    const holds = guards.every(
      ({ at, expect: bytes }) => Buffer.compare(this.bytes({ ...at, size: bytes.length }), bytes) === 0,
    );
    if (!holds) return this.step(room, module.guardFailed!(state, room), frame);
    const snapshot = Object.fromEntries(
      Object.entries(regions).map(([name, region]) => [name, Uint8Array.from(this.bytes(region))]),
    );
    return module.step({ snapshot, time: 0, outcomes: [], deaths: [], ...frame }, room, state);
  }

  /** As many looks as it takes to know where the player is. */
  steps(count: number, room?: Room, state = FRESH): RillgateState {
    let now = state;
    for (let i = 0; i < count; i++) now = this.step(room, now).state;
    return now;
  }
}

const checksOf = ({ effects }: StepResult<RillgateState>) =>
  effects.flatMap((effect) => (effect.kind === 'check' ? effect.locations : []));
const writesOf = ({ effects }: StepResult<RillgateState>) => effects.filter((effect) => effect.kind === 'write');
const deathsOf = ({ effects }: StepResult<RillgateState>) => effects.filter((effect) => effect.kind === 'death');

describe('facts', () => {
  it('names 24 chests and a pool that fills them', () => {
    expect(LOCATIONS).toHaveLength(24);
    expect(Object.keys(DATA_PACKAGE.location_name_to_id)).toHaveLength(24);
    expect(new Set(Object.values(DATA_PACKAGE.location_name_to_id)).size).toBe(24);
    expect(ITEMS.reduce((sum, { inPool }) => sum + inPool, 0)).toBe(24);
  });
});

describe('checks', () => {
  it.each(LOCATIONS)('reports $name, from the save and from the stage being played', ({ flag, id }) => {
    const [stage, bit] = [flag >> 3, flag & 7];
    const savedOne = new FakeMemory().set(STATE.stageChests, 0xff00_0000);
    savedOne.bytes(STATE.chests)[stage] = 1 << bit;
    expect(checksOf(savedOne.step())).toEqual([id]);
    const inStage = new FakeMemory().set(STATE.stageChests, ((stage << 24) | (1 << bit)) >>> 0);
    expect(checksOf(inStage.step())).toEqual([id]);
  });

  it('reports nothing outside the room, and nothing of a stage that does not exist', () => {
    const memory = new FakeMemory().set(STATE.stageChests, 0x04ff_ffff);
    expect(checksOf(memory.step())).toEqual([]);
    memory.bytes(STATE.chests).fill(0xff);
    expect(checksOf(memory.step())).toHaveLength(24);
    expect(checksOf(memory.step({ ...roomWith(), locations: new Set([LOCATIONS[4]!.id]) }))).toEqual([
      LOCATIONS[4]!.id,
    ]);
  });

  it.each([
    ['on the title', (memory: FakeMemory) => memory.set(STATE.scene, SCENES.title)],
    ['while a stage loads', (memory: FakeMemory) => memory.set(STATE.scene, SCENES.loading)],
    ['without a stage', (memory: FakeMemory) => memory.set(STATE.stageId, 0xff)],
    ['before the program begins', (memory: FakeMemory) => memory.set(STATE.nonce, 0).word(0x8030_0000, 0)],
  ])('wants and tells nothing %s', (_, change) => {
    const memory = new FakeMemory({ deathLink: true }).set(STATE.goal, 1).set(STATE.deaths, 3);
    memory.bytes(STATE.chests).fill(0xff);
    change(memory);
    const result = memory.step(roomWith(itemId('Cog')), { ...FRESH, deaths: 0, killDue: true });
    expect(result).toMatchObject({ playing: false, effects: [], state: { killDue: true, chain: {} } });
    expect(result.state).not.toHaveProperty('deaths');
  });

  it('tells of the goal, its save and its frames', () => {
    const memory = new FakeMemory()
      .set(STATE.goal, 1)
      .set(STATE.saveId, 0xabc)
      .set(STATE.frame, 77)
      .set(STATE.taken, 3);
    const result = memory.step();
    expect(result.effects).toContainEqual({ kind: 'goal' });
    expect(result).toMatchObject({ frame: 77, received: 3, save: { id: '00000abc' } });
  });
});

describe('the numbered mailbox', () => {
  it('hands over the entry the game waits for, in one word', () => {
    const memory = new FakeMemory().set(STATE.taken, 1);
    const [write] = writesOf(memory.step(roomWith(itemId('Cog'), itemId('Pear'))));
    expect(write).toMatchObject({ delivers: 1, writes: [{ at: { domain: 'MEM1', offset: STATE.mail.offset } }] });
    expect(write!.writes[0]!.data).toEqual(encodeMail(8, 1));
  });

  it('waits for an empty box and for a stage', () => {
    const room = roomWith(itemId('Cog'));
    expect(writesOf(new FakeMemory().set(STATE.mail, 1).step(room))).toEqual([]);
    expect(writesOf(new FakeMemory().set(STATE.scene, SCENES.dead).step(room))).toEqual([]);
  });

  it('hands over items nobody knows, and says once when the bag is full', () => {
    expect(writesOf(new FakeMemory().step(roomWith(999)))[0]!.writes[0]!.data[1]).toBe(UNKNOWN_ITEM);
    const room = roomWith(...Array<number>(BAG_SIZE + 1).fill(itemId('Pear')));
    const memory = new FakeMemory().set(STATE.taken, BAG_SIZE);
    const first = memory.step(room);
    expect(first.effects.filter(({ kind }) => kind === 'message')).toHaveLength(1);
    expect(memory.step(room, first.state).effects.filter(({ kind }) => kind === 'message')).toEqual([]);
  });

  it('has a word in which every half is no word', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 255 }), fc.integer({ min: 0, max: 0xffff }), (code, index) => {
        const whole = encodeMail(code, index);
        for (let mask = 1; mask < 15; mask++) {
          const torn = whole.map((byte, place) => (mask & (1 << place) ? byte : 0));
          if (torn.every((byte, place) => byte === whole[place])) continue;
          const [check = 0, tornCode = 0, high = 0, low = 0] = torn;
          const accepted = tornCode !== 0 && check === (0xa5 ^ tornCode ^ high ^ low);
          // What passes names another entry than the one that is waited for.
          expect(accepted && (high << 8) + low === index).toBe(false);
        }
      }),
    );
  });
});

describe('the give array', () => {
  it('fills places in order, then counts', () => {
    const memory = new FakeMemory({ delivery: 'client' }).set(STATE.expected, 1).set(STATE.taken, 1);
    const result = memory.step(roomWith(itemId('Cog'), itemId('Pear'), itemId('Boat')));
    expect(writesOf(result)[0]!.writes.map(({ at, data }) => [at.offset, ...data])).toEqual([
      [STATE.give.offset, 8],
      [STATE.give.offset + 1, 3],
      [STATE.expected.offset, 0, 3],
    ]);
    expect(result.received).toBe(1);
  });

  it('waits until the game has emptied it, so that nothing overtakes', () => {
    const memory = new FakeMemory({ delivery: 'client' });
    memory.bytes(STATE.give)[3] = 5;
    expect(writesOf(memory.step(roomWith(itemId('Cog'))))).toEqual([]);
  });
});

describe('the player behind two pointers', () => {
  it('is found in two looks, and lost when it moves', () => {
    const memory = new FakeMemory();
    const known = memory.steps(2);
    expect(known.chain).toEqual({ player: PLAYER_AT, stats: STATS_AT });
    memory.set(STATE.player, PLAYER_AT + 0x1000).word(PLAYER_AT + 0x1000 + PLAYER.stats, STATS_AT + 0x1000);
    expect(memory.steps(1, undefined, known).chain).toEqual({ player: PLAYER_AT + 0x1000 });
    expect(memory.steps(2, undefined, known).chain).toEqual({ player: PLAYER_AT + 0x1000, stats: STATS_AT + 0x1000 });
  });

  it.each([0, 0x123, 0x7fff_fff0, 0x817f_fff8, 0x8031_0001])('takes %i for no player', (pointer) => {
    expect(new FakeMemory().set(STATE.player, pointer).steps(3).chain).toEqual({});
  });

  it('takes a number for no stats', () => {
    expect(new FakeMemory().word(PLAYER_AT + PLAYER.stats, 0x123).steps(3).chain).toEqual({ player: PLAYER_AT });
  });
});

describe('deaths', () => {
  const shared = () => new FakeMemory({ deathLink: true });

  it('tells of each of its own once, and not of older states', () => {
    const memory = shared().set(STATE.deaths, 2);
    const { state } = memory.step();
    expect(deathsOf(memory.set(STATE.deaths, 3).step(undefined, state))).toHaveLength(1);
    expect(deathsOf(memory.step(undefined, memory.step(undefined, state).state))).toEqual([]);
    expect(deathsOf(memory.set(STATE.deaths, 1).step(undefined, state))).toEqual([]);
    expect(deathsOf(new FakeMemory().set(STATE.deaths, 3).step(undefined, state))).toEqual([]);
  });

  it('kills through both pointers, guarded by them and by the health that was seen', () => {
    const memory = shared();
    const [kill] = writesOf(memory.step(undefined, memory.steps(2), { deaths: [DEATH] }));
    expect(kill).toMatchObject({ label: 'kill' });
    expect(kill!.writes).toEqual([
      { at: { domain: 'MEM1', offset: STATS_AT + STATS.health - MEM1_BASE }, data: new Uint8Array(2) },
    ]);
    const guarded = kill!.guards.map(({ at }) => at.offset);
    for (const address of [PLAYER_AT + PLAYER.stats, STATS_AT + STATS.health]) {
      expect(guarded).toContain(address - MEM1_BASE);
    }
    expect(guarded).toEqual(expect.arrayContaining([STATE.player.offset, STATE.scene.offset]));
  });

  it('owes a kill until it is done, and does not send it back', () => {
    const memory = shared();
    const due = memory.step(undefined, memory.steps(2), { deaths: [DEATH] }).state;
    expect(writesOf(memory.step(undefined, due, { outcomes: [{ label: 'kill', outcome: 'refused' }] }))).toHaveLength(
      1,
    );
    const done = memory
      .set(STATE.deaths, 1)
      .step(undefined, due, { outcomes: [{ label: 'kill', outcome: 'applied' }] });
    expect([writesOf(done), deathsOf(done)]).toEqual([[], []]);
    expect(deathsOf(memory.set(STATE.deaths, 2).step(undefined, done.state, { time: 2999 }))).toEqual([]);
    expect(deathsOf(memory.set(STATE.deaths, 2).step(undefined, done.state, { time: 3001 }))).toHaveLength(1);
  });

  it('does not send back the death of a game that stood still meanwhile', () => {
    const memory = shared();
    const due = memory.step(undefined, memory.steps(2), { deaths: [DEATH] }).state;
    memory.word(STATS_AT + STATS.health, 0);
    let { state } = memory.step(undefined, due, { outcomes: [{ label: 'kill', outcome: 'applied' }] });
    for (let time = 100; time <= 60_000; time += 100) state = memory.step(undefined, state, { time }).state;
    expect(deathsOf(memory.set(STATE.deaths, 1).step(undefined, state, { time: 60_100 }))).toEqual([]);
    const own = memory.word(STATS_AT + STATS.health, 12 << 16).step(undefined, state, { time: 70_000 });
    expect(deathsOf(memory.set(STATE.deaths, 2).step(undefined, own.state, { time: 70_100 }))).toHaveLength(1);
  });

  it('kills nobody who is dead, nor in a copy whose deaths are its own', () => {
    const dead = shared().word(STATS_AT + STATS.health, 0);
    expect(writesOf(dead.step(undefined, { ...dead.steps(2), killDue: true }))).toEqual([]);
    const alone = new FakeMemory();
    expect(writesOf(alone.step(undefined, { ...alone.steps(2), killDue: true }))).toEqual([]);
  });
});

describe('progress', () => {
  it('is what the bag and the chests say', () => {
    const memory = new FakeMemory().set(STATE.taken, 3).set(STATE.stageChests, 0x0100_0002);
    memory.bytes(STATE.bag).set([4, 8, UNKNOWN_ITEM, 9]);
    memory.bytes(STATE.chests)[0] = 1;
    expect(PROGRESS_REGIONS).toHaveLength(4);
    const { items, locations } = readProgress((region) => memory.bytes(region));
    expect(items).toEqual([itemId('Cog'), itemId('Pear'), -1]);
    expect(locations).toEqual([LOCATIONS[0]!.id, LOCATIONS[7]!.id]);
  });
});
