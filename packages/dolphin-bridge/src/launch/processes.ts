/** What Linux tells of processes through `/proc`. Elsewhere there is none, and these find nothing. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';

const DOLPHIN_LIKE = /dolphin|primehack|slippi|ishiiruka/i;

const isNumber = (name: string): boolean => /^\d+$/.test(name);

const listPids = async (proc: string): Promise<readonly number[]> => {
  const names = await readdir(proc).catch(() => []);
  return names.filter(isNumber).map(Number);
};

/** Parent of a process. The name in the middle may hold anything, brackets and blanks included. */
const parentOf = async (proc: string, pid: number): Promise<number | undefined> => {
  const text = await readFile(`${proc}/${pid}/stat`, 'latin1').catch(() => '');
  const parent = /^\S+ (\d+)/.exec(text.slice(text.lastIndexOf(')') + 2))?.[1];
  return parent === undefined ? undefined : Number(parent);
};

/** A process and everything it started, itself first: wrappers and sandboxes start the real Dolphin as a child. */
export const familyOf = async (pid: number, proc = '/proc'): Promise<readonly number[]> => {
  const children = new Map<number, number[]>();
  for (const child of await listPids(proc)) {
    const parent = await parentOf(proc, child);
    if (parent === undefined) continue;
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const family = new Set([pid]);
  for (const member of family) for (const child of children.get(member) ?? []) family.add(child);
  return [...family];
};

const samePlace = async (one: string, other: string): Promise<boolean> => {
  const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));
  return (await real(one)) === (await real(other));
};

const userFolderOf = (argv: readonly string[]): string | undefined => {
  const at = argv.findIndex((word) => word === '-u' || word === '--user');
  if (at >= 0) return argv[at + 1];
  return argv.find((word) => word.startsWith('--user='))?.slice('--user='.length);
};

/** A running Dolphin that was started with this user folder. Two on one folder overwrite each other's saves; Dolphin lets them. */
export const findUserOfFolder = async (folder: string, proc = '/proc'): Promise<number | undefined> => {
  for (const pid of await listPids(proc)) {
    const line = await readFile(`${proc}/${pid}/cmdline`, 'utf8').catch(() => '');
    const argv = line.split('\0');
    // The second word is the program where the first is what runs it.
    if (!argv.slice(0, 2).some((word) => DOLPHIN_LIKE.test(word))) continue;
    const used = userFolderOf(argv);
    if (used !== undefined && (await samePlace(used, folder))) return pid;
  }
  return undefined;
};
