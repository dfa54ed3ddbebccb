import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDolphinDriver, launchDolphin } from '@causeway/dolphin-bridge';
import { dolphinProgramPath, GAME_IDS, MAGIC, STATE } from '@causeway/testbed/dolphin-game';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { DOLPHIN_PROBE } from '../dolphin/dolphin.js';

const LIMIT_MS = 30_000;
const UNSHARE = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--mount-proc'] as const;

describe.skipIf(!toolAvailable('dolphin', DOLPHIN_PROBE))('a real Dolphin that we launch', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'causeway-launch-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

  const launch = (build: 'gc' | 'wii', gdbSocket?: string, program?: string) =>
    launchDolphin({
      ...(program === undefined ? {} : { program }),
      image: dolphinProgramPath(build),
      userFolder: join(folder, 'user'),
      build: 'nogui',
      headless: true,
      signal: AbortSignal.timeout(LIMIT_MS),
      ...(gdbSocket === undefined ? {} : { gdbSocket }),
    });

  test.each([
    ['gc', false],
    ['wii', false],
    ['gc', true],
    ['wii', true],
  ] as const)('%s, debugger connection %s: its address opens its device, which ends with it', async (build, gdb) => {
    await using dolphin = await launch(build, gdb ? join(folder, 'private', 'gdb') : undefined);
    // The game says its id some frames after it began.
    const driver = createDolphinDriver({ times: { startMs: LIMIT_MS } });
    const device = await driver.open(dolphin.uri, { signal: AbortSignal.timeout(LIMIT_MS) });
    expect(device.info).toMatchObject({ uri: dolphin.uri, system: build === 'gc' ? 'GC' : 'Wii' });
    expect((await device.rom()).hash).toContain(GAME_IDS[build]);
    const { domain, offset, size } = STATE.magic;
    const result = await device.run([{ kind: 'read', at: { domain, offset }, size }]);
    expect(Buffer.from(result.reads[0]!).toString('latin1')).toBe(MAGIC);
    expect(await dolphin.stop()).toEqual({ code: 0, signal: null });
    expect((await device.closed).reason).toBe('lost');
    await device.close();
  });

  test.each([
    ['a script that hands no signals on', ''],
    // Its number inside is 1, and its memory is named after that. Flatpak does the same.
    ...(toolAvailable('unshare', [...UNSHARE, 'true']) ? [['a PID namespace of its own', UNSHARE.join(' ')]] : []),
  ])('is found behind %s, and ends with it', async (_, prefix) => {
    const program = join(folder, 'start.sh');
    const lines = ['#!/bin/sh', 'PATH="$PATH:/usr/games"', `${prefix} dolphin-emu-nogui "$@"`, 'exit $?'];
    await writeFile(program, lines.join('\n'), { mode: 0o755 });
    for (const build of ['gc', 'wii'] as const) {
      await using dolphin = await launch(build, undefined, program);
      const driver = createDolphinDriver({ times: { startMs: LIMIT_MS } });
      await using device = await driver.open(dolphin.uri, { signal: AbortSignal.timeout(LIMIT_MS) });
      expect((await device.rom()).hash).toContain(GAME_IDS[build]);
      expect((await driver.detect()).filter(({ uri }) => uri === dolphin.uri)).toHaveLength(1);
      await dolphin.stop();
      // The next one is let on the same user folder: nobody uses it any more.
      expect((await device.closed).reason).toBe('lost');
    }
  });

  test('is refused a second time on the same user folder, and goes on', async () => {
    await using dolphin = await launch('gc');
    await expect(launch('gc')).rejects.toMatchObject({ code: 'device_busy', context: { pid: dolphin.pid } });
    expect(await dolphin.stop()).toEqual({ code: 0, signal: null });
  });

  test('without the display it needs says so, with its output', async () => {
    const broken = launchDolphin({
      image: dolphinProgramPath('gc'),
      userFolder: join(folder, 'user'),
      build: 'nogui',
      env: { ...process.env, DISPLAY: ':nowhere' },
      signal: AbortSignal.timeout(LIMIT_MS),
      startMs: 5_000,
    });
    await expect(broken).rejects.toMatchObject({
      code: 'emulator_failed',
      fix: expect.stringContaining('display'),
    });
  });
});
