import { expect, it } from 'vitest';
import { GameFrames } from './game-frames.js';

it('counts what the game counts, fast-forward included', () => {
  const frames = new GameFrames();
  expect(frames.look(1000, 0)).toBe(0);
  expect(frames.look(1001, 17)).toBe(1);
  expect(frames.look(1028, 34)).toBe(28);
});

it('does not believe what no emulator can do', () => {
  const frames = new GameFrames();
  frames.look(10, 0);
  expect(frames.look(5, 16)).toBe(0);
  expect(frames.look(1_000_005, 26)).toBe(40);
});

it('begins anew after the game was silent', () => {
  const frames = new GameFrames();
  frames.look(10, 0);
  expect(frames.look(undefined, 16)).toBeUndefined();
  expect(frames.look(500, 1000)).toBe(0);
  expect(frames.look(501, 1016)).toBe(1);
});
