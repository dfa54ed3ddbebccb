import { basename } from 'node:path';
import { isDolphinName, userFolderIn } from '../dolphin-names.js';
import type { ProcTree } from './proc-tree.js';

/** It bears the name, too. */
const KDE_FILE_MANAGER = 'dolphin';
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
export const isDolphinLike = (proc: ProcTree, pid: number, name: string): boolean => {
  const program = programOf(proc, pid);
  return name !== KDE_FILE_MANAGER && program !== KDE_FILE_MANAGER && [name, program].some(isDolphinName);
};

/** Whether a process is called `wanted`: by its short name, which the kernel cuts, or by its program's file. */
export const isCalled = (proc: ProcTree, pid: number, name: string, wanted: string): boolean =>
  name === wanted.slice(0, COMM_LENGTH) || programOf(proc, pid) === wanted;

/** The user folder given on its command line. */
export const userFolderOf = (proc: ProcTree, pid: number): string | undefined =>
  userFolderIn((quietly(() => proc.text(`/proc/${pid}/cmdline`)) ?? '').split('\0'));

const statusOf = (proc: ProcTree, pid: number): string => quietly(() => proc.text(`/proc/${pid}/status`)) ?? '';

/** The process that started it. */
export const parentOf = (proc: ProcTree, pid: number): number | undefined => {
  const line = /^PPid:\s+(\d+)$/m.exec(statusOf(proc, pid));
  return line ? Number(line[1]) : undefined;
};

/** Whether nothing of it is left but a name, kept until its parent takes note of its end. To us it looks idle, or closed. */
export const hasEnded = (proc: ProcTree, pid: number): boolean => !/^State:\s+[^ZX]/m.test(statusOf(proc, pid));

/** Its own number inside its PID namespace, which is what a sandboxed Dolphin names its memory after. */
export const innerPid = (proc: ProcTree, pid: number): number => {
  const line = /^NSpid:.*?(\d+)$/m.exec(statusOf(proc, pid));
  return line ? Number(line[1]) : pid;
};
