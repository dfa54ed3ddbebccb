import { basename } from 'node:path';
import type { ProcTree } from './proc-tree.js';

/** Names of Dolphin and of its forks. Only a hint where to look first: wrappers, packages and forks call it what they like. */
const DOLPHIN_LIKE = /dolphin|primehack|slippi|ishiiruka/i;
/** KDE's file manager bears the name, too, and so do programs that look into Dolphin, ours included. */
const OTHERS = /^dolphin$|memory|tool|causeway/i;
/** The kernel keeps this much of a name. */
const COMM_LENGTH = 15;

const quietly = (read: () => string): string | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

/** Short name of a process, which everybody may read; `undefined` when it is gone. */
export const processName = (proc: ProcTree, pid: number): string | undefined =>
  quietly(() => proc.text(`/proc/${pid}/comm`))?.trimEnd();

const programOf = (proc: ProcTree, pid: number): string =>
  basename(quietly(() => proc.link(`/proc/${pid}/exe`)) ?? '').replace(/ \(deleted\)$/, '');

/** Whether its name makes one think of Dolphin. An AppImage often says so in its program's name only. */
export const isDolphinLike = (proc: ProcTree, pid: number, name: string): boolean =>
  !OTHERS.test(name) && (DOLPHIN_LIKE.test(name) || DOLPHIN_LIKE.test(programOf(proc, pid)));

/** Whether a process is called `wanted`: by its short name, which the kernel cuts, or by its program's file. */
export const isCalled = (proc: ProcTree, pid: number, name: string, wanted: string): boolean =>
  name === wanted.slice(0, COMM_LENGTH) || programOf(proc, pid) === wanted;

/** The user folder given on its command line. */
export const userFolderOf = (proc: ProcTree, pid: number): string | undefined => {
  const words = (quietly(() => proc.text(`/proc/${pid}/cmdline`)) ?? '').split('\0');
  const at = words.findIndex((word) => word === '-u' || word === '--user');
  const folder = at >= 0 ? words[at + 1] : words.find((word) => word.startsWith('--user='))?.slice('--user='.length);
  return folder || undefined;
};

/** The process that started it. */
export const parentOf = (proc: ProcTree, pid: number): number | undefined => {
  const line = /^PPid:\s+(\d+)$/m.exec(quietly(() => proc.text(`/proc/${pid}/status`)) ?? '');
  return line ? Number(line[1]) : undefined;
};

/** Its own number inside its PID namespace, which is what a sandboxed Dolphin names its memory after. */
export const innerPid = (proc: ProcTree, pid: number): number => {
  const line = /^NSpid:.*?(\d+)$/m.exec(quietly(() => proc.text(`/proc/${pid}/status`)) ?? '');
  return line ? Number(line[1]) : pid;
};
