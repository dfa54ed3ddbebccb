import { describe, expect, it } from 'vitest';
import type { StepResult } from '../game/contract.js';
import { fakeItems, fakeRoom } from './rig/fake-multiworld.js';
import { type SaveNews, unseenSave, watchSave } from './save-watch.js';

const room = fakeRoom({ items: fakeItems(1, 2, 3) });

const follow = (...steps: readonly Partial<StepResult<unknown>>[]): readonly SaveNews[] => {
  let watch = unseenSave;
  return steps.map((step) => {
    const news = watchSave(watch, { state: null, effects: [], playing: true, ...step }, room);
    watch = news.watch;
    return news;
  });
};

const loads = (...steps: readonly Partial<StepResult<unknown>>[]): readonly boolean[] =>
  follow(...steps).map(({ loaded }) => loaded);

describe('a save', () => {
  it.each([
    [{}, 'none'],
    [{ id: 'a' }, 'none'],
    [{ seed: 'seed' }, 'own'],
    [{ seed: 'seed', slotName: 'Ana' }, 'own'],
    [{ slotName: 'Ana' }, 'none'],
    [{ seed: 'other' }, 'foreign'],
    [{ seed: 'seed', slotName: 'Bo' }, 'foreign'],
    [{ slotName: 'Bo' }, 'foreign'],
  ] as const)('marked %j is %s', (save, mark) => {
    expect(follow({ save })[0]?.mark).toBe(mark);
  });

  it('that is foreign is told once, and its counter tells nothing', () => {
    const save = { seed: 'other' };
    const news = follow({ received: 1 }, { received: 2, save }, { received: 9, save }, { received: 2 });
    expect(news.map((each) => each.news)).toEqual([
      [],
      [{ kind: 'event', body: { event: 'save.mismatch', received: 2, items: 3, cause: 'mark', mark: save } }],
      [],
      [{ kind: 'delivered', index: 1, again: false }],
    ]);
    expect(news.map(({ ahead }) => ahead)).toEqual([false, false, false, false]);
  });

  it('that has taken too much is ahead', () => {
    expect(follow({ received: 3 }, { received: 4 }, { received: 3 }).map(({ ahead }) => ahead)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('was loaded when its counter went back, its mark changed, or it is ahead of a sudden', () => {
    expect(loads({ received: 2 }, { received: 3 }, { received: 1 }, { received: 1 })).toEqual([
      false,
      false,
      true,
      false,
    ]);
    expect(loads({ received: 2 }, { received: 9 }, { received: 9 })).toEqual([false, true, false]);
    expect(loads({ save: { id: 'a' } }, { save: { id: 'a' } }, { save: { id: 'b' } }, {})).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('may be another after the gate was shut, where nothing else could tell', () => {
    const shut = { playing: false };
    expect(loads({}, shut, {}, {})).toEqual([false, false, true, false]);
    expect(loads({ received: 1 }, shut, { received: 1 })).toEqual([false, false, false]);
    const save = { id: 'a' };
    expect(loads({ save }, shut, { save })).toEqual([true, false, false]);
  });

  it('that changed while nobody played counts as loaded at the next played look', () => {
    expect(loads({ received: 2 }, { received: 1, playing: false }, { playing: false }, { received: 1 })).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
});
