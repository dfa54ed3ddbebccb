import type { Clock } from '@causeway/bridge';
import { describe, expect, it } from 'vitest';
import { runPaced } from './pacing.js';

/** Time that passes only by sleeping (late, as timers are) and by the work of a pass. */
const lateClock = (lateness: () => number): Clock & { time: number; sleeps: number[] } => {
  const clock = {
    time: 5000,
    sleeps: [] as number[],
    now: () => clock.time,
    sleep: async (ms: number) => {
      clock.sleeps.push(ms);
      clock.time += Math.ceil(ms) + lateness();
    },
    after: () => () => {},
  };
  return clock;
};

const run = async (clock: Clock & { time: number }, passes: number, rate: number, work: (pass: number) => void) => {
  const stop = new AbortController();
  let done = 0;
  await runPaced({
    clock,
    passesPerSecond: () => rate,
    signal: stop.signal,
    pass: async () => {
      work(done++);
      if (done === passes) stop.abort();
    },
  });
};

describe('runPaced', () => {
  it('does not drift although every timer is late', async () => {
    const clock = lateClock(() => 1);
    const before = clock.time;
    await run(clock, 601, 60, () => {
      clock.time += 3;
    });
    expect(Math.abs(clock.time - before - 10_000)).toBeLessThan(25);
  });

  it('catches up with a short delay and gives up a long one', async () => {
    const clock = lateClock(() => 0);
    await run(clock, 5, 50, (pass) => {
      if (pass === 1) clock.time += 50;
    });
    expect(clock.sleeps.slice(0, 3)).toEqual([20, 10, 20]);
    const hung = lateClock(() => 0);
    await run(hung, 4, 50, (pass) => {
      if (pass === 1) hung.time += 60_000;
    });
    expect(hung.sleeps).toEqual([20, 20, 20]);
  });

  it('never sleeps when it is to go as fast as it can', async () => {
    const clock = lateClock(() => 0);
    await run(clock, 100, Number.POSITIVE_INFINITY, () => {});
    expect(clock.sleeps).toEqual([]);
  });
});
