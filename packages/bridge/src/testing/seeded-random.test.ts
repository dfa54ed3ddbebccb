import { describe, expect, it } from 'vitest';
import { between, pick, seededRandom } from './seeded-random.js';

const numbers = (seed: number, count: number): readonly number[] => Array.from({ length: count }, seededRandom(seed));

describe('seeded random', () => {
  it('is the same for the same seed, another for another', () => {
    expect(numbers(9, 50)).toEqual(numbers(9, 50));
    expect(numbers(9, 50)).not.toEqual(numbers(10, 50));
  });

  it('gives numbers from 0 to below 1', () => {
    const many = numbers(9, 1000);
    expect(Math.min(...many)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...many)).toBeLessThan(1);
    expect(new Set(many).size).toBeGreaterThan(990);
  });

  it('reaches both ends of a range, and every entry of a list', () => {
    const random = seededRandom(3);
    const rolls = Array.from({ length: 200 }, () => between(random, 1, 6));
    expect(new Set(rolls)).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    const picks = Array.from({ length: 100 }, () => pick(random, ['a', 'b', 'c']));
    expect(new Set(picks)).toEqual(new Set(['a', 'b', 'c']));
  });
});
