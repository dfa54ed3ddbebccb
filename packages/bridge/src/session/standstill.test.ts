import { describe, expect, it } from 'vitest';
import { Standstill } from './standstill.js';

describe('a game that stands still', () => {
  it('is noticed after a second and noticed to move again at once', () => {
    const standstill = new Standstill();
    const looks = [
      [7, 0],
      [7, 999],
      [7, 1000],
      [undefined, 3000],
      [7, 5000],
      [8, 5016],
    ] as const;
    expect(looks.map(([frame, now]) => standstill.look(frame, now))).toEqual([false, false, true, true, true, false]);
  });

  it('is not assumed of a game that runs, restarts its counter, or whose device has none', () => {
    const standstill = new Standstill();
    for (let frame = 0; frame < 200; frame++) expect(standstill.look(frame, frame * 16)).toBe(false);
    expect(standstill.look(0, 3200)).toBe(false);
    expect(standstill.look(undefined, 90_000)).toBe(false);
  });
});
