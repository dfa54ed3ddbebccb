import { describe, expect, it } from 'vitest';
import { Standstill } from './standstill.js';

describe('a game that stands still', () => {
  it('is noticed after a second and noticed to move again at once', () => {
    const standstill = new Standstill();
    expect(standstill.look(7, 0)).toBeUndefined();
    expect(standstill.look(7, 999)).toBeUndefined();
    expect(standstill.look(7, 1000)).toBe('paused');
    expect(standstill.look(7, 5000)).toBeUndefined();
    expect(standstill.still).toBe(true);
    expect(standstill.look(8, 5016)).toBe('resumed');
    expect(standstill.still).toBe(false);
  });

  it('is not assumed of a game that runs, restarts its counter, or whose device has none', () => {
    const standstill = new Standstill();
    for (let frame = 0; frame < 200; frame++) expect(standstill.look(frame, frame * 16)).toBeUndefined();
    expect(standstill.look(0, 3200)).toBeUndefined();
    expect(standstill.look(undefined, 90_000)).toBeUndefined();
    expect(standstill.still).toBe(false);
  });
});
