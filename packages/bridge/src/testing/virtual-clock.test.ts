import { describe, expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock.js';

describe('virtual clock', () => {
  it('fires timers in the order of their time, and of their making where that is the same', () => {
    const clock = new VirtualClock(1000);
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name} at ${clock.now()}`);
    clock.after(20, note('late'));
    clock.after(10, note('first'));
    clock.after(10, note('second'));
    clock.after(31, note('never'));
    clock.pass(30);
    expect(fired).toEqual(['first at 1010', 'second at 1010', 'late at 1020']);
    expect(clock.now()).toBe(1030);
    expect(clock.pending).toBe(1);
  });

  it('fires what a timer sets within the same time', () => {
    const clock = new VirtualClock(0);
    const fired: number[] = [];
    const again = (): void => {
      fired.push(clock.now());
      clock.after(10, again);
    };
    again();
    clock.pass(25);
    expect(fired).toEqual([0, 10, 20]);
  });

  it('fires nothing that was cancelled, however often', () => {
    const clock = new VirtualClock();
    const cancel = clock.after(5, () => expect.unreachable());
    cancel();
    cancel();
    clock.pass(10);
    expect(clock.pending).toBe(0);
  });

  it('lets sleepers go on before the next timer when it advances, after all of them when time passes', async () => {
    const woken = async (let50Pass: (clock: VirtualClock) => unknown): Promise<readonly number[]> => {
      const clock = new VirtualClock(0);
      const seen: number[] = [];
      const sleepers = [10, 20].map(async (ms) => {
        await clock.sleep(ms);
        seen.push(clock.now());
      });
      await let50Pass(clock);
      await Promise.all(sleepers);
      return seen;
    };
    expect(await woken((clock) => clock.advance(50))).toEqual([10, 20]);
    expect(await woken((clock) => clock.pass(50))).toEqual([50, 50]);
  });

  it('wakes a sleeper that is called off, and keeps no timer and no listener for it', async () => {
    const clock = new VirtualClock();
    const reason = new Error('enough');
    const stop = new AbortController();
    const sleeping = clock.sleep(10, stop.signal);
    stop.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(clock.sleep(10, stop.signal)).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
  });

  it('runs until something holds, and not beyond', async () => {
    const clock = new VirtualClock(0);
    let done = false;
    clock.after(10, () => {
      done = true;
    });
    clock.after(20, () => expect.unreachable());
    expect(await clock.runUntil(() => done, 15)).toBe(true);
    expect(clock.now()).toBe(10);
    expect(await clock.runUntil(() => false, 5)).toBe(false);
  });
});
