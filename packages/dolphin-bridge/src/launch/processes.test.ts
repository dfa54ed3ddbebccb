import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { familyOf, findUserOfFolder } from './processes.js';

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
