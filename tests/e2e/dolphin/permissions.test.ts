import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, chown, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAGIC, PLACES, readDolphinProgram, STATE } from '@causeway/testbed/dolphin-game';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { DOLPHIN_PROBE, Dolphin } from './dolphin.js';
import { GuestMemory } from './guest-memory.js';

interface User {
  readonly uid: number;
  readonly gid: number;
}

const COMMAND = fileURLToPath(new URL('../../../packages/dolphin-bridge/bin/causeway-dolphin.mjs', import.meta.url));
const isRoot = process.getuid?.() === 0;
/** Root plays two users that no account belongs to; anybody else is unprivileged already. */
const [player, stranger]: readonly (User | undefined)[] = isRoot
  ? [
      { uid: 12_345, gid: 12_345 },
      { uid: 12_346, gid: 12_346 },
    ]
  : [];

/** `causeway-dolphin` as a user starts it: a process of its own, without any privilege. Needs a build. */
const run = (
  user: User | undefined,
  folder: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], HOME: folder, CAUSEWAY_LOG_DIR: folder, CAUSEWAY_CACHE_DIR: folder };
    execFile(process.execPath, [COMMAND, ...args], { env, cwd: '/', ...user }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });

const capabilitiesOf = (pid: number): string =>
  /^CapEff:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';

const inDolphin = async (scene: (dolphin: Dolphin) => Promise<void>, executable?: string): Promise<void> => {
  const program = readDolphinProgram('gc');
  const as = { ...(player ? { user: player } : {}), ...(executable === undefined ? {} : { executable }) };
  await using dolphin = await Dolphin.start({ program, ...as });
  await scene(dolphin);
};

/** A copy of Dolphin whose file may do more than its user, as guides for other clients have players make it. */
const withCapabilities = async (folder: string): Promise<string> => {
  const copy = join(folder, 'dolphin-emu-nogui');
  await copyFile(execFileSync('sh', ['-c', DOLPHIN_PROBE[2]], { encoding: 'utf8' }).trim(), copy);
  await chmod(copy, 0o755);
  execFileSync('setcap', ['cap_net_bind_service+ep', copy], { env: { PATH: `${process.env['PATH']}:/usr/sbin` } });
  return copy;
};

describe.skipIf(!toolAvailable('dolphin', DOLPHIN_PROBE))('users without privileges', () => {
  it('find, read and write their own Dolphin', () =>
    inDolphin(async (dolphin) => {
      expect(capabilitiesOf(dolphin.pid)).toMatch(/^0+$/);
      const devices = await run(player, dolphin.folder, 'devices', '--json');
      expect(devices.stdout, devices.stderr).toContain(dolphin.uri);

      const link = ['--device', dolphin.uri] as const;
      const magic = await run(player, dolphin.folder, 'read', 'MEM1', String(STATE.magic.offset), '8', ...link);
      expect(magic.stdout, magic.stderr).toContain(MAGIC);

      const address = PLACES.saveSlot + 0x800;
      const written = await run(
        player,
        dolphin.folder,
        'write',
        'Bus',
        `0x${address.toString(16)}`,
        '600dc0de',
        ...link,
      );
      expect(written.code, written.stderr).toBe(0);
      using memory = GuestMemory.of(dolphin.pid);
      expect(await memory.command('peek', address)).toBe(0x600d_c0de);
    }));

  it.skipIf(!isRoot || !toolAvailable('setcap', ['sh', '-c', 'PATH="$PATH:/usr/sbin" command -v setcap']))(
    'are told of a Dolphin whose file has capabilities, and how to undo that',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'causeway-capable-'));
      try {
        await chmod(folder, 0o755);
        await inDolphin(
          async (dolphin) => {
            const refused = await run(player, dolphin.folder, 'info', '--device', dolphin.uri);
            expect(refused).toMatchObject({ code: 3, stdout: '' });
            expect(refused.stderr).toMatch(/extra capabilities/);
            expect(refused.stderr).toMatch(/setcap -r/);
          },
          await withCapabilities(folder),
        );
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );

  it.skipIf(!isRoot)('are told whose it is when it is not theirs', () =>
    inDolphin(async (dolphin) => {
      const folder = await mkdtemp(join(tmpdir(), 'causeway-stranger-'));
      await chown(folder, stranger!.uid, stranger!.gid);
      const refused = await run(stranger, folder, 'read', 'MEM1', '0', '6', '--device', dolphin.uri);
      await rm(folder, { recursive: true });
      expect(refused.code).not.toBe(0);
      expect(refused.stdout).toBe('');
      expect(refused.stderr).toMatch(/same user/);
    }),
  );
});
