import { describe, expect, test } from 'vitest';
import type { JoinedRoom } from '../engine.js';
import { TextChoice } from '../text-categories.js';
import { completeLine } from './complete-line.js';
import { NameGroups } from './name-groups.js';
import type { PromptSetting } from './prompt-command.js';

const ITEMS = ['Sword', 'Swan Boat', 'sword of light', 'Bad\u001b[2J'];

/** As much of a login as completion looks at. */
const seat = (items: readonly string[]): JoinedRoom => {
  const names = new Map(items.map((name, id) => [id, name]));
  const room = { slot: 1, game: 'G', locations: new Set([1, 2]), checked: new Set([2]), items: [] };
  const location = (id: number): string => `Chest ${id}`;
  const get = async () => ({ _read_item_name_groups_G: { Weapons: ['Sword'] } });
  return { room, names: { items: () => names, location }, get } as unknown as JoinedRoom;
};

const prompt = (client?: JoinedRoom) => {
  const notes: unknown[] = [];
  const unused = (): void => {
    throw new Error('completion must do nothing');
  };
  const setting: PromptSetting = {
    output: { note: (...text) => notes.push(text) },
    categories: new TextChoice({}),
    groups: new NameGroups(),
    signal: new AbortController().signal,
    client: () => client,
    say: unused,
    connect: unused,
    disconnect: unused,
    ready: unused,
    release: unused,
    drop: unused,
    quit: unused,
  };
  return { setting, notes, complete: (line: string) => completeLine(line, setting) };
};

describe('completion', () => {
  const { complete } = prompt(seat(ITEMS));

  test.each([
    ['/dis', ['/disconnect'], '/dis'],
    ['  /Toggle_t', ['/toggle_text '], '/Toggle_t'],
    ['!hint', ['!hint ', '!hint_location '], '!hint'],
    ['/e', ['/exit'], '/e'],
    ['hello', [], 'hello'],
    ['', [], ''],
    ['/hint sw', ['Swan Boat', 'Sword', 'sword of light'], 'sw'],
    ['/hint swan b', ['Swan Boat'], 'swan b'],
    ['!HINT Sword o', ['sword of light'], 'Sword o'],
    ['/missing ', ['Chest 1'], ''],
    ['/locations chest', ['Chest 1', 'Chest 2'], 'chest'],
    ['/toggle_text hint o', ['hint on', 'hint off'], 'hint o'],
    ['/quit x', [], 'x'],
    ['/nonsense x', [], 'x'],
    ['!players x', [], 'x'],
  ])('of %j', (line, hits, typed) => {
    expect(complete(line)).toEqual([hits, typed]);
  });

  test('offers no name that would steer the terminal', () => {
    expect(complete('/items bad')).toEqual([[], 'bad']);
  });

  test('has no names before there is a room', () => {
    expect(prompt().complete('/hint ')).toEqual([[], '']);
  });

  test('asks for groups it does not know, and has them the next time', async () => {
    const { complete: again } = prompt(seat(ITEMS));
    expect(again('/item_groups w')).toEqual([[], 'w']);
    await expect.poll(() => again('/item_groups w')).toEqual([['Weapons'], 'w']);
  });

  test('of very many names goes as far as they agree, then says how many there are', () => {
    const names = Array.from({ length: 300 }, (_, index) => `Chest ${index}`);
    const { complete: of, notes } = prompt(seat(names));
    expect(of('/items c')).toEqual([['Chest '], 'c']);
    expect(notes).toEqual([]);
    expect(of('/items Chest ')).toEqual([[], 'Chest ']);
    expect(notes).toEqual([['300 names begin like this: type more of it.']]);
    expect(of('/items Chest 29')[0]).toHaveLength(11);
  });
});
