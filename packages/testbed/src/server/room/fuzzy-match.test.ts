import { describe, expect, it } from 'vitest';
import { editDistance, fuzzyMatch, likeness } from './fuzzy-match.js';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 2],
    ['ab', 'ba', 1],
    ['mat trapp', 'math trap', 2],
    ['zoë ☂', 'zoe ☂', 1],
  ])('%j to %j is %i', (left, right, distance) => {
    expect(editDistance(left, right)).toBe(distance);
    expect(editDistance(right, left)).toBe(distance);
  });
});

describe('fuzzyMatch', () => {
  const names = ['Key', 'Sword', 'Shield', 'Hammer', 'Confetti Cannon', 'Math Trap'];

  it('takes the exact name whatever its case', () => {
    expect(fuzzyMatch('confetti cannon', names)).toEqual({ kind: 'found', name: 'Confetti Cannon' });
  });

  it('takes a near name that is clearly ahead', () => {
    expect(fuzzyMatch('Confeti Canon', names)).toEqual({ kind: 'found', name: 'Confetti Cannon' });
    expect(likeness('Confeti Canon', 'Confetti Cannon')).toBe(86);
  });

  it('asks when nothing is near, naming the first of equals', () => {
    expect(fuzzyMatch('zzzzzz', names)).toEqual({ kind: 'unclear', name: 'Key', percent: 0, crowded: false });
  });

  it('asks when two are about equally near', () => {
    expect(fuzzyMatch('Tile 1x', ['Tile 11', 'Tile 12'])).toMatchObject({ kind: 'unclear', crowded: true });
  });

  it('is stricter with a single name', () => {
    expect(fuzzyMatch('Swrd', ['Sword'])).toMatchObject({ kind: 'unclear' });
    expect(fuzzyMatch('sword', ['Sword'])).toEqual({ kind: 'found', name: 'Sword' });
    expect(fuzzyMatch('sword', [])).toBeUndefined();
  });
});
