import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silentLogger, systemClock } from '@causeway/bridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DolphinProcess } from './dolphin-process.js';
import { type LaunchOptions, launchDolphin } from './launch-dolphin.js';
import { OtherProcess } from './other-process.js';
import type { LaunchedFamily, LaunchedGame } from './readiness.js';
import { IMAGES } from './testing/image-bytes.js';

const FAKE = fileURLToPath(new URL('./testing/fake-dolphin.mjs', import.meta.url));

const runs = (pid: number | undefined): boolean => {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe.skipIf(process.platform === 'win32')('launchDolphin', () => {
  let folder: string;
  let seen: LaunchedFamily | undefined;
  const found = async (family: LaunchedFamily): Promise<LaunchedGame> => {
    seen = family;
    return { pid: family.pids[0]!, uri: `dolphin://pid/${family.pids[0]}` };
  };
  const notYet = async (family: LaunchedFamily): Promise<undefined> => {
    seen = family;
  };
  const launch = (manner: string, options: Partial<LaunchOptions> = {}) =>
    launchDolphin({
      program: FAKE,
      image: join(folder, 'game.iso'),
      userFolder: join(folder, 'user'),
      build: 'nogui',
      env: { ...process.env, DOLPHIN_MANNER: manner },
      look: found,
      ...options,
    });
  /** Finds the game only once the program has said something: it then has its manners. */
  const whenUp = (): Partial<LaunchOptions> => {
    let said = false;
    const debug = (): void => {
      said = true;
    };
    return {
      look: async (family) => (said ? found(family) : undefined),
      logger: { debug, info: () => {}, warn: () => {}, error: () => {} },
    };
  };
  beforeEach(async () => {
    seen = undefined;
    folder = await mkdtemp(join(tmpdir(), 'causeway-launch-'));
    await writeFile(join(folder, 'game.iso'), IMAGES['GameCube disc'].head);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('starts a direct child and stops it in order', async () => {
    const dolphin = await launch('well', whenUp());
    expect(dolphin.uri).toBe(`dolphin://pid/${dolphin.pid}`);
    expect(runs(dolphin.pid)).toBe(true);
    expect((await stat(join(folder, 'user'))).mode & 0o777).toBe(0o700);
    expect(dolphin.output).toContain('"-e"');
    const ends = await Promise.all([dolphin.stop(), dolphin.stop(), dolphin.exited]);
    expect(ends).toEqual(Array(3).fill({ code: 0, signal: null }));
    expect(await dolphin.kill()).toEqual({ code: 0, signal: null });
  });

  it('ends one that does not end, after the deadline', async () => {
    const dolphin = await launch('stubborn', whenUp());
    expect(await dolphin.stop(1)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(runs(dolphin.pid)).toBe(false);
  });

  it('stops it when disposed of', async () => {
    let pid: number;
    {
      await using dolphin = await launch('well');
      pid = dolphin.pid;
    }
    expect(runs(pid)).toBe(false);
  });

  it('reads all it prints, and keeps the end', async () => {
    const last = 'VPS: 60 - 100% 4999';
    let said = '';
    const logger = {
      debug: (_: string, fields: { text?: string } = {}) => {
        said = (said + fields.text).slice(-1000);
      },
      ...{ info: () => {}, warn: () => {}, error: () => {} },
    };
    const look = async (family: LaunchedFamily) => (said.includes(last) ? found(family) : undefined);
    const dolphin = await launch('chatty', { look, logger });
    expect(dolphin.output).toContain(last);
    expect(dolphin.output.length).toBeLessThanOrEqual(4_000);
    await dolphin.kill();
  });

  it.each([
    ['crash', 'crashed', 'by hand'],
    ['display', 'ended with code 134', 'display'],
  ])('says why it did not start: %s', async (manner, message, fix) => {
    await expect(launch(manner, { look: notYet })).rejects.toMatchObject({
      code: 'emulator_failed',
      message: expect.stringContaining(message),
      fix: expect.stringContaining(fix),
    });
  });

  it('gives up on a game that does not start, and leaves nothing running', async () => {
    await expect(launch('well', { look: notYet, startMs: 1 })).rejects.toMatchObject({ code: 'emulator_failed' });
    expect(runs(seen?.pids[0])).toBe(false);
  });

  it('leaves nothing running when aborted, or when looking fails', async () => {
    const abort = new AbortController();
    const look = async (family: LaunchedFamily) => {
      abort.abort(new Error('enough'));
      return notYet(family);
    };
    await expect(launch('stubborn', { look, signal: abort.signal })).rejects.toThrow('enough');
    expect(runs(seen?.pids[0])).toBe(false);
    const broken = async (family: LaunchedFamily) => {
      seen = family;
      throw new Error('broken');
    };
    await expect(launch('stubborn', { look: broken })).rejects.toThrow('broken');
    expect(runs(seen?.pids[0])).toBe(false);
  });

  describe('through a wrapper', () => {
    const wrapper = fileURLToPath(new URL('./testing/wrapper.sh', import.meta.url));
    /** Finds the Dolphin that the wrapper started, once it has its manners. */
    const inside = (): Partial<LaunchOptions> => {
      const { logger } = whenUp();
      let said = false;
      const debug = (): void => {
        said = true;
      };
      const look = async (family: LaunchedFamily) => {
        seen = family;
        const pid = family.pids.at(-1)!;
        return said && family.pids.length > 1 ? { pid, uri: `dolphin://pid/${pid}` } : undefined;
      };
      return { program: wrapper, look, logger: { ...logger!, debug } };
    };

    /** Of the wrapper and its Dolphin. Whom nobody takes note of has ended all the same. */
    const stillRunning = async (): Promise<readonly number[]> => {
      const known = await Promise.all(seen!.pids.map((pid) => OtherProcess.of(pid)));
      const running = await Promise.all(known.map((each) => each.runs()));
      return seen!.pids.filter((_, index) => running[index]);
    };

    it.each([
      ['slow', undefined],
      ['stubborn', 100],
    ])('is stopped only when Dolphin itself has ended: %s', async (manner, deadlineMs) => {
      const dolphin = await launch(manner, inside());
      expect(dolphin.pid).not.toBe(seen?.pids[0]);
      await dolphin.stop(deadlineMs);
      expect(await stillRunning()).toEqual([]);
      if (manner === 'slow') await expect.poll(() => dolphin.output).toContain('saved');
    });

    it('leaves nothing running that the wrapper started when the game does not start', async () => {
      const { look, ...rest } = inside();
      const never = async (family: LaunchedFamily) => {
        if (await look!(family)) throw new Error('broken');
        return undefined;
      };
      await expect(launch('stubborn', { ...rest, look: never })).rejects.toThrow('broken');
      expect(await stillRunning()).toEqual([]);
    });
  });

  it('lives on when it cannot be signalled, however often', async () => {
    const child = Object.assign(new EventEmitter(), { pid: 1, stdout: null, stderr: null, kill: () => false });
    const dolphin = new DolphinProcess(child as unknown as ChildProcess, systemClock, silentLogger);
    for (const time of ['first', 'second']) child.emit('error', new Error(`kill EPERM, the ${time} time`));
    expect(dolphin.output).toContain('second');
  });

  it('starts nothing when there is nothing to start', async () => {
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(launch('well', { signal: aborted })).rejects.toThrow('enough');
    await expect(launch('well', { image: join(folder, 'no.iso') })).rejects.toMatchObject({ code: 'file_unreadable' });
    await expect(launch('well', { program: join(folder, 'game.iso') })).rejects.toMatchObject({
      code: 'file_unreadable',
    });
    await expect(launch('well', { config: { nonsense: '1' } })).rejects.toMatchObject({ code: 'usage' });
    expect(seen).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')('refuses a second one on the same user folder', async () => {
    const first = await launch('well', whenUp());
    try {
      await expect(launch('well')).rejects.toMatchObject({ code: 'device_busy', context: { pid: first.pid } });
    } finally {
      await first.kill();
    }
  });

  it('looks for the debugger socket where there is to be one', async () => {
    const gdbSocket = join(folder, 'private', 'gdb');
    const dolphin = await launch('well', { gdbSocket });
    expect(seen?.gdbSocket).toBe(gdbSocket);
    expect((await stat(join(folder, 'private'))).mode & 0o777).toBe(0o700);
    await dolphin.kill();
  });
});
