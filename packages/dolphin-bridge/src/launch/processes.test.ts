import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@causeway/bridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OtherProcess } from './other-process.js';
import { beginningOf, familyOf, findUserOfFolder } from './processes.js';

describe('processes of a /proc', () => {
  let root: string;
  let proc: string;
  const add = async (pid: number, parent: number, name: string, argv: readonly string[]): Promise<void> => {
    await mkdir(join(proc, String(pid)));
    await writeFile(join(proc, String(pid), 'stat'), `${pid} (${name}) S ${parent} 1 1 0 -1`);
    await writeFile(join(proc, String(pid), 'cmdline'), argv.map((word) => `${word}\0`).join(''));
  };
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'causeway-proc-'));
    proc = join(root, 'proc');
    await mkdir(join(proc, 'self'), { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('finds whom a wrapper started, whatever they are called', async () => {
    await add(10, 1, 'flatpak run', []);
    await add(30, 20, 'dolphin) S 99 (emu', []);
    await add(20, 10, 'bwrap', []);
    await add(40, 1, 'someone else', []);
    expect(await familyOf(10, proc)).toEqual([10, 20, 30]);
    expect(await familyOf(77, proc)).toEqual([77]);
    expect(await familyOf(10, join(root, 'nothing'))).toEqual([10]);
  });

  it('tells one from a later one of the same number, and from what is left of one that has ended', async () => {
    const told = async (pid: number, state: string, beginning: number): Promise<string | undefined> => {
      await mkdir(join(proc, String(pid)));
      const rest = Array.from({ length: 18 }, () => 0).join(' ');
      await writeFile(join(proc, String(pid), 'stat'), `${pid} (dolphin) x) ${state} ${rest} ${beginning} 7 8`);
      return beginningOf(pid, proc);
    };
    expect(await told(10, 'S', 4711)).toBe('4711');
    expect(await told(11, 'Z', 4711)).toBeUndefined();
    expect(await beginningOf(12, proc)).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')('ends what it was told to, and nothing that came after', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const other = await OtherProcess.of(child.pid!);
    expect(await other.runs()).toBe(true);
    await other.signal('SIGKILL');
    await other.ended(systemClock, 5_000);
    expect(await other.runs()).toBe(false);
    const gone = await OtherProcess.of(child.pid!);
    expect(await gone.runs()).toBe(false);
  });

  it.each([
    ['-u FOLDER', (folder: string) => ['-u', folder]],
    ['--user FOLDER', (folder: string) => ['--user', folder]],
    ['--user=FOLDER', (folder: string) => [`--user=${folder}`]],
  ])('finds who uses a user folder, given as %s', async (_, words) => {
    const folder = join(root, 'profile');
    await mkdir(folder);
    await symlink(folder, join(root, 'link'));
    await add(10, 1, 'less', ['less', '-u', folder]);
    await add(20, 1, 'dolphin-emu', ['/usr/games/dolphin-emu', ...words(join(root, 'link')), '-e', 'x.iso']);
    expect(await findUserOfFolder(folder, proc)).toBe(20);
    expect(await findUserOfFolder(join(root, 'another'), proc)).toBeUndefined();
  });
});
