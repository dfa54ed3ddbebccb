import { describe, expect, it } from 'vitest';
import type { DolphinSighting } from '../access/dolphin-source.js';
import { FakeArena, sourceOf } from '../testing/fake-arena.js';
import { type LaunchedFamily, lookForGame } from './readiness.js';

const forbidden = { kind: 'forbidden', pid: 11, process: 'dolphin-emu', message: 'Closed.', fix: 'Open.' } as const;
const idle = { kind: 'idle', pid: 10, process: 'dolphin-emu' } as const;
const look = (...found: readonly DolphinSighting[]) => {
  const family: LaunchedFamily = {
    ...{ pids: [10, 11, 12], gdbSocket: undefined, platform: 'linux' },
    source: sourceOf(...found),
  };
  return lookForGame(family);
};

describe('lookForGame', () => {
  it('finds the game in whichever process of the family has it, and keeps nothing open', async () => {
    const arena = new FakeArena(12, { system: 'GC' });
    expect(await look(idle, forbidden, arena)).toEqual({ pid: 12, uri: 'dolphin://pid/12' });
    expect(arena.opened).toBe(0);
  });

  it('goes on waiting for one that has not begun, and for one that is not ours', async () => {
    expect(await look(idle, new FakeArena(12, undefined))).toBeUndefined();
    expect(await look(new FakeArena(77, { system: 'GC' }))).toBeUndefined();
  });

  it('does not wait for one that is closed to us', async () => {
    await expect(look(idle, forbidden)).rejects.toMatchObject({ code: 'device_forbidden', fix: 'Open.' });
  });
});
