import { describe, expect, it } from 'vitest';
import { type Brake, freshBrake, type Judgement, type PlayedLook } from './brake-state.js';
import { drop, judge, lookedAway, release } from './flood-brake.js';
import { FLOOD_LIMITS, fewOf, mostOf } from './flood-limits.js';

const ids = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index);

type Look = Partial<Omit<PlayedLook, 'room'>> & { readonly checked?: readonly number[]; readonly size?: number };

/** Shows looks to one brake, a frame apart unless told otherwise. */
class Player {
  brake: Brake = freshBrake;
  #time = 1000;

  look({ checked = [], size = 100, ...look }: Look = {}, after = 16): Judgement {
    this.#time += after;
    const judgement = judge(
      this.brake,
      {
        time: this.#time,
        seen: [],
        goal: false,
        mark: 'none',
        ahead: false,
        loaded: false,
        room: { checked: new Set(checked), locations: new Set(ids(0, size)) },
        ...look,
      },
      FLOOD_LIMITS,
    );
    this.brake = judgement.brake;
    return judgement;
  }

  /** Has played on long enough to be known. */
  settle(look: Look = {}): this {
    this.look(look);
    this.look(look, FLOOD_LIMITS.settleMs);
    return this;
  }

  get held(): string | undefined {
    const { hold } = this.brake;
    return hold && `${hold.cause} ${hold.ids.length}${hold.goal ? ' and goal' : ''}`;
  }
}

describe('limits', () => {
  it.each([
    // locations, few, most at once
    [3, 5, 5],
    [8, 5, 5],
    [16, 8, 8],
    [24, 10, 10],
    [60, 10, 15],
    [100, 10, 20],
    [1000, 10, 20],
  ])('in a slot of %i locations are %i and %i', (locations, few, most) => {
    expect([fewOf(FLOOD_LIMITS, locations), mostOf(FLOOD_LIMITS, locations)]).toEqual([few, most]);
  });
});

describe('while playing steadily', () => {
  it('lets a handful through, and 20 at once', () => {
    const player = new Player().settle();
    expect(player.look({ seen: [1, 2, 3] }).pass).toEqual([1, 2, 3]);
    expect(player.look({ seen: ids(1, 23) }, 2000).pass).toHaveLength(23);
    expect(player.held).toBeUndefined();
  });

  it('holds 21 at once, whole', () => {
    const player = new Player().settle();
    expect(player.look({ seen: ids(0, 21) })).toMatchObject({ pass: [], goal: false });
    expect(player.held).toBe('flood 21');
  });

  it('holds what trickles in within a second, but not what is spread over an hour', () => {
    const fast = new Player().settle();
    for (let n = 1; n <= 6; n++) fast.look({ seen: ids(0, 4 * n) });
    expect(fast.held).toBe('flood 4');
    const slow = new Player().settle();
    for (let n = 1; n <= 6; n++) slow.look({ seen: ids(0, 4 * n) }, 600_000);
    expect(slow.held).toBeUndefined();
  });

  it('counts frames where it can: fast-forward is no flood', () => {
    const player = new Player();
    player.look({ frame: 0 });
    player.look({ frame: 1 }, FLOOD_LIMITS.settleMs);
    for (let n = 1; n <= 25; n++) player.look({ seen: ids(0, n), frame: n * 30 }, 4);
    expect(player.held).toBeUndefined();
    expect(player.brake.accepted.size).toBe(25);
  });

  it('lets what it has let through be reported again, however much: a server may lose its save', () => {
    const seen = ids(0, 40);
    const player = new Player().settle({ seen, checked: seen, received: 1 });
    expect(player.look({ seen, checked: [] }).pass).toEqual(seen);
  });

  it('never lets ids of another slot through', () => {
    expect(new Player().settle().look({ seen: [5, 1000] }).pass).toEqual([5]);
  });
});

describe('the goal', () => {
  it('passes alone, and with the checks of a last step', () => {
    expect(new Player().settle().look({ goal: true }).goal).toBe(true);
    expect(new Player().settle().look({ goal: true, seen: ids(0, 10) })).toMatchObject({ goal: true });
  });

  it('is held together with many checks, and with anything that is held', () => {
    const player = new Player().settle();
    expect(player.look({ goal: true, seen: ids(0, 11) })).toMatchObject({ goal: false, pass: [] });
    expect(player.held).toBe('goal 11 and goal');
    const late = new Player().settle();
    late.look({ seen: ids(0, 30) });
    expect(late.look({ seen: ids(0, 30), goal: true }).goal).toBe(false);
    expect(late.held).toBe('flood 30 and goal');
  });
});

describe('the first look at a save', () => {
  /** What passes once it has stood for a while. */
  const confirmed = (look: Look, player = new Player()): number => {
    expect(player.look(look).pass.length).toBeLessThan(look.seen?.length ?? 0);
    expect(player.held).toBeUndefined();
    return player.look(look, FLOOD_LIMITS.confirmMs).pass.length;
  };

  it('lets an hour played offline through when the save continues what the server knows', () => {
    expect(confirmed({ seen: ids(0, 50), checked: ids(0, 20), received: 12 })).toBe(50);
  });

  it('and when the game has no counter but shows what the server knows', () => {
    expect(confirmed({ seen: ids(0, 60), checked: ids(0, 20) })).toBe(60);
  });

  it('and when partners and collecting have checked as many locations elsewhere', () => {
    const checked = [...ids(0, 20), ...ids(80, 20)];
    expect(confirmed({ seen: ids(0, 50), checked, received: 12 })).toBe(50);
  });

  it('and when the save bears the mark of this seed, whatever the server knows', () => {
    expect(confirmed({ seen: ids(0, 90), mark: 'own' })).toBe(90);
  });

  it('lets the goal through with such a backlog', () => {
    const player = new Player();
    const look = { seen: ids(0, 50), checked: ids(0, 20), received: 12, goal: true };
    expect(player.look(look).goal).toBe(false);
    expect(player.look(look, 600).goal).toBe(true);
  });

  it('lets no backlog through that comes and goes', () => {
    const player = new Player();
    const look = { seen: ids(0, 50), checked: ids(0, 20), received: 12 };
    player.look(look);
    player.look({ ...look, seen: ids(0, 20) });
    expect(player.look(look, 600).pass).toHaveLength(20);
  });

  it('lets no backlog through that does not stand still', () => {
    const player = new Player();
    const look = (from: number): Judgement =>
      player.look({ seen: [...ids(0, 20), ...ids(from, 30)], checked: ids(0, 20), received: 12 }, 400);
    for (const from of [20, 60, 30, 70]) expect(look(from).pass).not.toContain(from);
    expect(player.look({ seen: ids(0, 21), checked: ids(0, 20), received: 12 }).pass).toEqual(ids(0, 21));
    expect(player.held).toBeUndefined();
  });

  it.each<[string, Look]>([
    ['has no history with the room', { seen: ids(0, 30) }],
    ['is finished, and the room has just begun', { seen: ids(0, 100), checked: ids(0, 5), received: 4 }],
    ['shows nothing of what the server knows', { seen: ids(0, 40), checked: ids(50, 40), received: 12 }],
    ['has taken nothing', { seen: ids(0, 100), checked: ids(0, 20), received: 0 }],
  ])('holds the backlog of a save that %s', (_name, look) => {
    const player = new Player();
    expect(player.look(look).pass).toEqual([]);
    expect(player.held).toBe(`unknown-save ${look.seen?.filter((id) => !look.checked?.includes(id)).length}`);
  });

  it('believes a few of any save', () => {
    expect(new Player().look({ seen: ids(0, 10) }).pass).toHaveLength(10);
  });

  it('does not let what was believed vouch for the rest', () => {
    const player = new Player();
    for (let n = 1; n <= 4; n++) player.look({ seen: ids(0, 8 * n) });
    expect(player.held).toBe('unknown-save 24');
    expect(player.brake.accepted.size).toBe(8);
  });

  it('lasts while memory fills, and starts anew when nobody watched', () => {
    const player = new Player();
    const checked = ids(0, 20);
    expect(player.look({ checked }).pass).toEqual([]);
    expect(confirmed({ checked, seen: ids(0, 60), received: 5 }, player)).toBe(60);
    player.settle({ checked, seen: ids(0, 60) });
    player.brake = lookedAway(player.brake);
    expect(confirmed({ checked, seen: ids(0, 99), received: 5 }, player)).toBe(99);
  });
});

describe('a load before our eyes', () => {
  it('brings no backlog', () => {
    const player = new Player().settle({ seen: ids(0, 20), checked: ids(0, 20), received: 9 });
    player.look({ seen: ids(0, 31), checked: ids(0, 20), received: 5, loaded: true });
    expect(player.held).toBe('loaded 11');
  });

  it('of a save with our mark may bring as much as play', () => {
    const player = new Player().settle();
    player.look({ seen: ids(0, 20), mark: 'own', loaded: true });
    expect(player.held).toBeUndefined();
    player.look({ seen: ids(0, 41), mark: 'own', loaded: true });
    expect(player.held).toBe('flood 21');
  });

  it('of the right save ends what the wrong one caused, and what it shows itself is judged anew', () => {
    const player = new Player().settle({ seen: [1] });
    player.look({ seen: ids(0, 80) });
    expect(player.held).toBe('flood 79');
    expect(player.look({ seen: [1, 2], loaded: true }).pass).toEqual([1, 2]);
    expect(player.held).toBeUndefined();
  });
});

describe('a save that does not belong to the room', () => {
  it.each([
    ['foreign-save', { mark: 'foreign' }],
    ['save-ahead', { ahead: true }],
  ] as const)('(%s) reports not even one check, and no goal', (cause, mismatch) => {
    const player = new Player().settle({ seen: [1] });
    expect(player.look({ seen: [1, 2], goal: true, ...mismatch })).toMatchObject({ pass: [1], goal: false });
    expect(player.held).toBe(`${cause} 1 and goal`);
    player.look({ seen: [1, 2, 3], ...mismatch }, 60_000);
    expect(player.held).toBe(`${cause} 2 and goal`);
  });

  it('is believed as soon as the mismatch ends', () => {
    const player = new Player();
    player.look({ seen: ids(0, 30), checked: ids(0, 10), ahead: true }, 600_000);
    player.look({ seen: ids(0, 30), checked: ids(0, 10), ahead: true }, 600_000);
    expect(player.held).toBe('save-ahead 20');
    player.look({ seen: ids(0, 30), checked: ids(0, 10), received: 20 });
    expect(player.look({ seen: ids(0, 30), checked: ids(0, 10), received: 20 }, 500).pass).toHaveLength(30);
  });

  it('is believed once released, until another is loaded', () => {
    const player = new Player();
    player.look({ seen: ids(0, 30), ahead: true });
    const released = release(player.brake);
    expect(released.pass).toHaveLength(30);
    player.brake = released.brake;
    expect(player.look({ seen: ids(0, 31), ahead: true }).pass).toHaveLength(31);
    expect(player.look({ seen: ids(0, 32), ahead: true, loaded: true }).pass).toHaveLength(31);
    expect(player.held).toBe('save-ahead 1');
  });
});

describe('what is held', () => {
  const flooded = (): Player => {
    const player = new Player().settle({ seen: [1] });
    player.look({ seen: ids(0, 50), goal: true });
    return player;
  };

  it('waits for a person, and new checks wait with it', () => {
    const player = flooded();
    player.look({ seen: ids(0, 51), goal: true }, 3_600_000);
    expect(player.held).toBe('flood 50 and goal');
  });

  it('stays while a menu or a blink hides it, and while the device is away', () => {
    const player = flooded();
    player.look({ seen: [1] }, 1000);
    expect(player.held).toBe('flood 49 and goal');
    player.brake = lookedAway(player.brake);
    expect(player.look({ seen: ids(0, 50), received: 50 }, 60_000).pass).toEqual([1]);
    expect(player.held).toBe('flood 49 and goal');
  });

  it('is forgotten when memory has long shown something else', () => {
    const player = flooded();
    player.look({ seen: [1] }, 1000);
    expect(player.look({ seen: [1, 2] }, 1500).pass).toEqual([1, 2]);
    expect(player.held).toBeUndefined();
  });

  it('is sent whole when released, and play goes on', () => {
    const player = flooded();
    const { brake, pass, goal } = release(player.brake);
    expect([pass.length, goal]).toEqual([49, true]);
    player.brake = brake;
    expect(player.look({ seen: ids(0, 51), goal: true })).toMatchObject({ goal: true });
    expect(player.held).toBeUndefined();
    expect(release(player.brake)).toMatchObject({ pass: [], goal: false });
  });

  it('is not sent when dropped, until it was gone and is back', () => {
    const player = flooded();
    player.brake = drop(player.brake);
    expect(player.look({ seen: ids(0, 50), goal: true })).toMatchObject({ pass: [1], goal: false });
    expect(player.look({ seen: ids(0, 51), goal: true })).toMatchObject({ pass: [1, 50], goal: false });
    player.look({ seen: [1, 50] });
    expect(player.look({ seen: [1, 2, 50], goal: true })).toMatchObject({ pass: [1, 2, 50], goal: true });
  });

  it('is judged anew after it was dropped when another save is loaded', () => {
    const player = flooded();
    player.brake = drop(player.brake);
    expect(player.look({ seen: ids(0, 8), loaded: true }).pass).toEqual(ids(0, 8));
  });
});
