/** What Linux tells of processes through `/proc`. Elsewhere there is none, and these find nothing. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DOLPHIN_LIKE, userFolderIn } from '../dolphin-names.js';

const isNumber = (name: string): boolean => /^\d+$/.test(name);

const listPids = async (proc: string): Promise<readonly number[]> => {
  const names = await readdir(proc).catch(() => []);
  return names.filter(isNumber).map(Number);
};

/** What is told of a process behind its name, which may hold anything, brackets and blanks included: state, parent, … */
const statOf = async (proc: string, pid: number): Promise<readonly string[]> => {
  const text = await readFile(`${proc}/${pid}/stat`, 'latin1').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
};

const PARENT = 1;
const BEGINNING = 19;

/** When a process began, in ticks since the machine did; `undefined` when it has ended, and where nothing tells. */
export const beginningOf = async (pid: number, proc = '/proc'): Promise<string | undefined> => {
  const fields = await statOf(proc, pid);
  return /^[ZX]/.test(fields[0] ?? '') ? undefined : fields[BEGINNING];
};

/** A process and everything it started, itself first: wrappers and sandboxes start the real Dolphin as a child. */
export const familyOf = async (pid: number, proc = '/proc'): Promise<readonly number[]> => {
  const children = new Map<number, number[]>();
  for (const child of await listPids(proc)) {
    const parent = Number((await statOf(proc, child))[PARENT]);
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

/** A running Dolphin whose command line names this user folder. Two on one folder overwrite each other's saves; Dolphin lets them. */
export const findUserOfFolder = async (folder: string, proc = '/proc'): Promise<number | undefined> => {
  for (const pid of await listPids(proc)) {
    const line = await readFile(`${proc}/${pid}/cmdline`, 'utf8').catch(() => '');
    const argv = line.split('\0');
    // The second word is the program where the first is what runs it.
    if (!argv.slice(0, 2).some((word) => DOLPHIN_LIKE.test(word))) continue;
    const used = userFolderIn(argv);
    if (used !== undefined && (await samePlace(used, folder))) return pid;
  }
  return undefined;
};
