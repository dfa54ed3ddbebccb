import { describe, expect, it } from 'vitest';
import type { Effect, SaveMark, StepResult } from '../game/contract.js';
import type { ReceivedItem } from '../multiworld/room.js';
import { fakeItems, fakeRoom } from './rig/fake-multiworld.js';
import { fakeModule, type RigOptions, SessionRig } from './rig/session-rig.js';

const ids = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index);
const items = (count: number): readonly ReceivedItem[] => fakeItems(...ids(500, count));
const room = (changes: Parameters<typeof fakeRoom>[0] = {}) =>
  fakeRoom({ locations: new Set(ids(0, 100)), ...changes });

/** What the game's memory shows; the test changes it as a player, or a disaster, would. */
interface Memory {
  seen: readonly number[];
  goal: boolean;
  playing: boolean;
  received: number;
  save: SaveMark;
  effects: readonly Effect[];
}

/** A session on a game whose memory is plain to see. */
class Game {
  readonly memory: Memory = { seen: [], goal: false, playing: true, received: 0, save: {}, effects: [] };
  readonly rig: SessionRig;

  constructor(options: RigOptions = {}) {
    const module = fakeModule((_frame, _room, state): StepResult<unknown> => {
      const { seen, goal, playing, received, save, effects } = this.memory;
      const all: Effect[] = [{ kind: 'check', locations: seen }, ...effects];
      if (goal) all.push({ kind: 'goal' });
      return { state, effects: all, playing, received, save };
    });
    this.rig = new SessionRig({ modules: [module], ...options });
  }

  async join(changes: Parameters<typeof fakeRoom>[0] = {}): Promise<void> {
    await this.rig.pass(100);
    this.rig.multiworld.join(room(changes));
    await this.rig.pass(100);
  }

  /** The slot's own game, played with us for a while. */
  async playOn(): Promise<void> {
    const known = ids(0, 10);
    Object.assign(this.memory, { seen: known, received: 3 });
    await this.join({ checked: new Set(known), items: items(5) });
    await this.rig.pass(3000);
  }

  async show(changes: Partial<Memory>, ms = 1000): Promise<void> {
    Object.assign(this.memory, changes);
    await this.rig.pass(ms);
  }

  get sent(): readonly unknown[] {
    return this.rig.multiworld.called('check').flat();
  }

  get goals(): number {
    return this.rig.multiworld.called('goal').length;
  }

  /** Cause and count of what was told to be held. */
  get held(): readonly string[] {
    return this.rig.told('checks.held').map(({ cause, count, goal }) => `${cause} ${count}${goal ? ' and goal' : ''}`);
  }
}

const FINISHED = { seen: ids(0, 100), goal: true } as const;

describe('what others have seen sent by accident', () => {
  it('ArchipelagoMW/Archipelago#5819: an old save must not release the slot', async () => {
    const game = new Game();
    await game.playOn();
    await game.show({ ...FINISHED, received: 60 });
    expect([game.sent, game.goals]).toEqual([[], 0]);
    expect(game.rig.told('save.mismatch')).toEqual([{ received: 60, items: 5, cause: 'save' }]);
    expect(game.held).toEqual(['save-ahead 91 and goal']);
  });

  it('#5819, a save whose counter happens to fit', async () => {
    const game = new Game();
    await game.playOn();
    await game.show({ ...FINISHED, received: 4 });
    expect([game.sent, game.goals]).toEqual([[], 0]);
    expect(game.held).toEqual(['flood 91 and goal']);
  });

  it('#5819, in a game that marks its saves', async () => {
    const game = new Game();
    await game.playOn();
    const effects: readonly Effect[] = [
      { kind: 'death' },
      { kind: 'store', key: 'k', operations: [] },
      { kind: 'scout', locations: [1], hint: 2 },
      { kind: 'write', label: 'w', guards: [], writes: [{ at: { domain: 'RAM', offset: 8 }, data: Uint8Array.of(1) }] },
    ];
    const before = game.rig.multiworld.calls.length;
    await game.show({ seen: ids(0, 11), received: 3, save: { seed: 'older' }, effects });
    expect(game.rig.multiworld.calls.slice(before)).toEqual([['playing', false]]);
    expect(game.rig.memory.RAM[8]).toBe(0);
    expect(game.rig.told('save.mismatch')).toMatchObject([{ cause: 'mark', mark: { seed: 'older' } }]);
    expect(game.held).toEqual(['foreign-save 1']);
    await game.show({ seen: ids(0, 12), save: { seed: 'seed' }, effects: [] });
    expect(game.sent).toEqual([10, 11]);
  });

  it('#3996: save data from before must not release everything at the first login', async () => {
    const game = new Game();
    Object.assign(game.memory, FINISHED);
    await game.join();
    await game.rig.pass(60_000);
    expect([game.sent, game.goals]).toEqual([[], 0]);
    expect(game.held).toEqual(['unknown-save 101 and goal']);
  });

  it('#982: checks of the second ROM must not go to the first', async () => {
    const game = new Game();
    await game.playOn();
    const [first] = game.rig.multiworlds;
    const before = first?.calls.length;
    game.rig.memory.ROM[1] = 2;
    await game.show({ seen: [55], received: 0 });
    game.rig.multiworld.join(room({ slot: 2, slotName: 'slot2' }));
    await game.rig.pass(100);
    expect(game.rig.multiworlds).toHaveLength(2);
    expect(game.sent).toEqual([55]);
    expect(first?.calls.slice(before)).toEqual([]);
    expect(first?.closed).toBe(1);
  });

  it('#982, with the two in two emulators: what one session holds or sends is not known to the other', async () => {
    const [one, two] = [new Game(), new Game()];
    await one.playOn();
    await two.playOn();
    await one.show(FINISHED);
    await two.show({ seen: ids(0, 11) });
    expect(one.rig.session.releaseHeld()).toBe(91);
    expect(two.rig.session.releaseHeld()).toBe(0);
    expect([two.sent, two.goals]).toEqual([[10], 0]);
  });

  it('#5938: the goal of one slot must not be sent for the next', async () => {
    const game = new Game();
    await game.playOn();
    await game.show({ goal: true });
    expect(game.goals).toBe(1);
    game.rig.memory.ROM[1] = 2;
    await game.show({ seen: [], goal: false, received: 0 });
    game.rig.multiworld.join(room({ slot: 2, slotName: 'slot2' }));
    await game.rig.pass(500);
    expect(game.goals).toBe(0);
    expect(game.rig.told('goal.reached')).toHaveLength(1);
    await game.show({ goal: true });
    expect(game.goals).toBe(1);
  });

  it('wotw-rando-client#374: another seed than before is not played on', async () => {
    const game = new Game();
    await game.playOn();
    game.rig.multiworld.join(room({ seed: 'next' }));
    await game.show({ seen: ids(0, 12) });
    expect(game.sent).toEqual([]);
    expect(game.rig.told('error')).toMatchObject([{ code: 'server_seed_mismatch' }]);
  });

  it('memory that fails the gate shows nothing, and opens on nothing it showed', async () => {
    const game = new Game();
    await game.playOn();
    await game.show({ ...FINISHED, playing: false });
    await game.show({ seen: ids(0, 11), goal: false, playing: true });
    expect([game.sent, game.goals]).toEqual([[10], 0]);
    expect(game.held).toEqual([]);
  });
});

describe('what is held', () => {
  it('is told once with ids and reason, and again when more is held', async () => {
    const game = new Game();
    await game.playOn();
    await game.show({ seen: ids(0, 40) }, 60_000);
    expect(game.rig.told('checks.held')).toEqual([
      {
        count: 30,
        ids: ids(10, 30),
        cause: 'flood',
        goal: false,
        reason: 'that is more at once than play yields.',
      },
    ]);
    await game.show({ seen: ids(0, 41) }, 60_000);
    await game.show({ goal: true });
    expect(game.held).toEqual(['flood 30', 'flood 31', 'flood 32 and goal']);
    expect(game.rig.told('location.checked')).toEqual([]);
  });

  it('is sent and told when the person releases it, and play goes on', async () => {
    const game = new Game();
    await game.playOn();
    await game.show({ seen: ids(0, 40), goal: true });
    expect(game.rig.session.releaseHeld()).toBe(31);
    expect(game.rig.session.releaseHeld()).toBe(0);
    await game.show({ seen: ids(0, 41) });
    expect([game.sent, game.goals]).toEqual([ids(10, 31), 1]);
    expect(game.rig.told('location.checked').map((told) => told['ids'])).toEqual([ids(10, 30), [40]]);
  });

  it('is not sent when the person drops it', async () => {
    const game = new Game();
    await game.playOn();
    await game.show({ seen: ids(0, 40), goal: true });
    expect(game.rig.session.dropHeld()).toBe(31);
    expect(game.rig.session.dropHeld()).toBe(0);
    await game.show({ seen: [...ids(0, 40), 77] });
    expect([game.sent, game.goals]).toEqual([[77], 0]);
    expect(game.held).toHaveLength(1);
  });

  it('may be the goal alone', async () => {
    const game = new Game();
    await game.playOn();
    await game.show({ goal: true, received: 60 });
    expect(game.rig.told('checks.held')).toMatchObject([{ count: 1, ids: [], goal: true }]);
    expect(game.rig.session.releaseHeld()).toBe(1);
    expect(game.goals).toBe(1);
  });

  it('is told to be gone once the game has long shown something else', async () => {
    const game = new Game();
    await game.playOn();
    await game.show({ seen: ids(0, 60) });
    await game.show({ seen: ids(0, 11) }, 5000);
    expect(game.held).toEqual(['flood 50', 'gone 0']);
    expect(game.sent).toEqual([10]);
    expect(game.rig.session.releaseHeld()).toBe(0);
  });

  it('survives the loss of device and server', async () => {
    const game = new Game();
    await game.playOn();
    await game.show({ seen: ids(0, 60) });
    game.rig.device.lose();
    await game.rig.pass(5000);
    game.rig.multiworld.join(room({ checked: new Set(ids(0, 10)), items: items(5) }));
    await game.rig.pass(5000);
    expect([game.held, game.sent]).toEqual([['flood 50'], []]);
    expect(game.rig.session.releaseHeld()).toBe(50);
    expect(game.sent).toEqual(ids(10, 50));
  });

  it('is nothing at all with releaseHeld, and only what exceeds them with other limits', async () => {
    const open = new Game({ releaseHeld: true });
    await open.playOn();
    await open.show({ ...FINISHED, received: 60 });
    expect([open.sent.length, open.goals, open.held]).toEqual([90, 1, []]);
    const wide = new Game({ floodLimits: { atOnce: 50, share: 1 } });
    await wide.playOn();
    await wide.show({ seen: ids(0, 60) });
    expect(wide.sent).toHaveLength(50);
  });

  it('is told under observe, too, and released to nobody', async () => {
    const game = new Game({ observe: true });
    await game.playOn();
    await game.show({ seen: ids(0, 60) });
    expect(game.held).toEqual(['flood 50']);
    expect(game.rig.session.releaseHeld()).toBe(50);
    await game.rig.pass(1);
    expect(game.rig.told('location.checked')).toHaveLength(1);
    expect(game.rig.multiworld.calls).toEqual([]);
  });

  it('is nothing before there is a game', async () => {
    const rig = new SessionRig();
    expect([rig.session.releaseHeld(), rig.session.dropHeld()]).toEqual([0, 0]);
    await rig.stop();
  });
});

describe('a server that went back to an older save', () => {
  it('while we play: gets again what it lost, and what is new; nothing is held', async () => {
    const game = new Game();
    await game.playOn();
    await game.show({ seen: ids(0, 40).filter((id) => id < 12 || id > 30), received: 5 }, 1000);
    game.rig.multiworld.join(room({ checked: new Set(ids(0, 2)), items: items(2) }));
    await game.show({ seen: ids(0, 13) });
    expect(game.rig.told('save.mismatch')).toEqual([{ received: 5, items: 2, cause: 'server' }]);
    expect(new Set(game.sent)).toEqual(new Set([...ids(2, 11), ...ids(31, 9)]));
    expect(game.held).toEqual([]);
  });

  it('before we came: gets everything back once the person says so, and delivery goes on', async () => {
    const game = new Game();
    Object.assign(game.memory, { seen: ids(0, 40), received: 9 });
    await game.join({ checked: new Set(ids(0, 20)), items: items(4) });
    expect(game.held).toEqual(['save-ahead 20']);
    expect(game.rig.session.releaseHeld()).toBe(20);
    await game.show({ seen: ids(0, 41) });
    expect(game.sent).toEqual(ids(20, 21));
    game.rig.multiworld.items(items(12));
    await game.rig.pass(100);
    await game.show({ received: 10 });
    expect(game.rig.told('item.delivered')).toMatchObject([{ index: 9 }]);
    expect(game.rig.told('save.mismatch')).toHaveLength(1);
  });

  it('before we came: gets everything back by itself once its items are there again', async () => {
    const game = new Game();
    Object.assign(game.memory, { seen: ids(0, 40), received: 9 });
    await game.join({ checked: new Set(ids(0, 20)), items: items(4) });
    game.rig.multiworld.items(items(9));
    await game.rig.pass(1000);
    expect(game.sent).toEqual(ids(20, 20));
    expect(game.held).toEqual(['save-ahead 20', 'settled 0']);
  });
});
