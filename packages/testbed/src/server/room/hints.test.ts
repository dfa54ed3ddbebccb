import { describe, expect, it } from 'vitest';
import { TestRoom } from '../test-support/test-room.js';

describe('hints', () => {
  it('sells one at a time, others first, and says when points run out', () => {
    const test = new TestRoom();
    const ann = test.join('Ann', 'Oak');
    const buy = () => {
      test.send(ann, { cmd: 'Say', text: '!hint Thorn' });
      return test.lines(ann).slice(1);
    };
    expect(buy()).toEqual(["You can't afford the hint. You have 0 points and need at least 2."]);
    test.send(ann, { cmd: 'LocationChecks', locations: [10, 11] });
    test.takeTexts(ann);
    expect(buy()).toEqual([
      expect.stringContaining("1's 3 is at 10 in 3's World. (avoid)"),
      'There may be more to hint, but you have 0 points and need at least 2.',
    ]);
    expect(test.room.inspect.hintPoints(1)).toBe(0);
    expect(test.room.inspect.hints(3)).toHaveLength(1);
  });

  it('finds every place of a group item', () => {
    const test = new TestRoom();
    test.room.console('/option hint_cost 0');
    const ann = test.join('Ann', 'Oak');
    test.send(ann, { cmd: 'Say', text: '!hint Nut' });
    expect(test.room.inspect.hints(2).map(({ finder, location }) => [finder, location])).toEqual([
      [1, 12],
      [2, 13],
    ]);
  });

  it('hints a whole group of locations', () => {
    const test = new TestRoom();
    test.room.console('/option hint_cost 0');
    const ann = test.join('Ann', 'Oak');
    test.send(ann, { cmd: 'Say', text: '!hint_location High' });
    expect(
      test.room.inspect
        .hints(1)
        .map(({ location }) => location)
        .sort(),
    ).toEqual([12, 13]);
  });
});
