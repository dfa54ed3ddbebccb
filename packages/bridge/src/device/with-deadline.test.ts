import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Clock } from '../clock.js';
import { withDeadline } from './with-deadline.js';

/** One timer, fired by hand. */
let due: (() => void) | undefined;
const clock: Clock = {
  now: () => 0,
  sleep: () => Promise.reject(new Error('not used')),
  after: (_ms, callback) => {
    due = callback;
    return () => {
      due = undefined;
    };
  },
};
let caller: AbortController;
beforeEach(() => {
  due = undefined;
  caller = new AbortController();
});
afterEach(() => {
  // Whatever became of it, nothing is left behind.
  expect(due).toBeUndefined();
  expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
});

const late = (): Error => new Error('late');
const limited = <T>(work: Promise<T>): Promise<T> =>
  withDeadline(work, { clock, timeoutMs: 5, signal: caller.signal }, late);
const never = new Promise<never>(() => {});

test('settles as the work does', async () => {
  expect(await limited(Promise.resolve(7))).toBe(7);
  await expect(limited(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});

test('rejects when time is over, and what comes afterwards is nothing to it', async () => {
  let finish: (value: string) => void = () => {};
  const work = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const outcome = expect(limited(work)).rejects.toThrow('late');
  due?.();
  finish('too late');
  await outcome;
});

test('rejects with the reason of its signal, untouched', async () => {
  const outcome = expect(limited(never)).rejects.toBe('enough');
  caller.abort('enough');
  await outcome;
  await expect(limited(Promise.reject(new Error('broken')))).rejects.toBe('enough');
});
