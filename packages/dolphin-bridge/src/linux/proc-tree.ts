import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

export interface ProcStat {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly uid: number;
}

/**
 * What is asked of `/proc`, so that tests can bring a tree of their own. Every call throws the system's
 * error, with its `code`, when the entry is not there or is closed to us.
 */
export interface ProcTree {
  list(path: string): readonly string[];
  text(path: string): string;
  link(path: string): string;
  /** Of what a link leads to. */
  stat(path: string): ProcStat;
  /** Our own process. */
  readonly pid: number;
  /** The user we act as. */
  readonly uid: number;
}

/** The real one. Synchronous: an entry costs three microseconds, a promise more. */
export const systemProc: ProcTree = {
  list: (path) => readdirSync(path),
  text: (path) => readFileSync(path, 'utf8'),
  link: (path) => readlinkSync(path),
  stat: (path) => statSync(path),
  pid: process.pid,
  uid: process.geteuid?.() ?? -1,
};

/** Code of a system's error: `EACCES`, `ENOENT`, … */
export const errorCode = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;

/** Whether the entry is there and not for us. */
export const isRefusal = (error: unknown): boolean => ['EACCES', 'EPERM'].includes(errorCode(error) ?? '');
