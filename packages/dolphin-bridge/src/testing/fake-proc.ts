import type { ProcStat, ProcTree } from '../linux/proc-tree.js';

/** One process of a made-up `/proc`. */
export interface FakeProcess {
  readonly comm: string;
  /** Real and effective user. */
  readonly uid: number;
  /** Whom the things in its folder belong to: root, when its program may do more than its user. Default: the user. */
  readonly owner?: number;
  /** Its own number in its namespace. Default: the same. */
  readonly inner?: number;
  readonly parent?: number;
  /** It has ended, and its parent has not taken note. */
  readonly ended?: boolean;
  readonly exe?: string;
  readonly cmdline?: readonly string[];
  readonly maps?: string;
  /** What its descriptors lead to, and what is there; `'EACCES'`: it may not be looked at. */
  readonly fd?: Readonly<Record<string, { readonly link: string; readonly stat?: Partial<ProcStat> }>> | 'EACCES';
}

const fault = (code: string): Error => Object.assign(new Error(code), { code });

const or = <T>(value: T | undefined): T => {
  if (value === undefined) throw fault('ENOENT');
  return value;
};

/** A `/proc` in memory. Processes may be changed while it is looked at. */
export class FakeProc implements ProcTree {
  readonly pid = 999;
  readonly uid: number;
  readonly processes: Map<number, FakeProcess>;
  /** Other files, by path. */
  readonly files: Map<string, string>;

  constructor(
    processes: Readonly<Record<number, FakeProcess>>,
    { uid = 1000, files = {} }: { readonly uid?: number; readonly files?: Readonly<Record<string, string>> } = {},
  ) {
    this.uid = uid;
    this.files = new Map(Object.entries(files));
    this.processes = new Map(Object.entries(processes).map(([pid, each]) => [Number(pid), each]));
  }

  list(path: string): readonly string[] {
    if (path === '/proc') return [...this.processes.keys(), 'self', 'meminfo'].map(String);
    return Object.keys(this.#descriptors(path));
  }

  text(path: string): string {
    const file = this.files.get(path);
    if (file !== undefined) return file;
    const { pid, process, rest } = this.#at(path);
    if (rest === 'comm') return `${process.comm}\n`;
    if (rest === 'cmdline') return (process.cmdline ?? []).map((word) => `${word}\0`).join('');
    if (rest === 'status') return statusOf(pid, process);
    if (rest === 'maps' && process.fd === 'EACCES') throw fault('EACCES');
    return or(rest === 'maps' ? (process.maps ?? '') : undefined);
  }

  link(path: string): string {
    const { process, rest } = this.#at(path);
    if (rest === 'exe') return or(process.exe);
    return or(this.#descriptors(path)[rest.slice('fd/'.length)]).link;
  }

  stat(path: string): ProcStat {
    const none = { dev: 1, ino: 1, size: 0, uid: 0 };
    if (this.files.has(path)) return none;
    const { process, rest } = this.#at(path);
    if (rest === '') return { ...none, uid: process.uid };
    if (rest === 'fd') return { ...none, uid: process.owner ?? process.uid };
    return { ...none, ...or(or(this.#descriptors(path)[rest.slice('fd/'.length)]).stat) };
  }

  #at(path: string): { readonly pid: number; readonly process: FakeProcess; readonly rest: string } {
    const [, pid = '', rest = ''] = /^\/proc\/(\d+)\/?(.*)$/.exec(path) ?? [];
    return { pid: Number(pid), process: or(this.processes.get(Number(pid))), rest };
  }

  #descriptors(path: string): Exclude<FakeProcess['fd'], 'EACCES' | undefined> {
    const { fd = {} } = this.#at(path).process;
    if (fd === 'EACCES') throw fault('EACCES');
    return fd;
  }
}

const statusOf = (pid: number, { comm, uid, inner, parent = 1, ended = false }: FakeProcess): string =>
  [
    `Name:\t${comm}`,
    `State:\t${ended ? 'Z (zombie)' : 'S (sleeping)'}`,
    `PPid:\t${parent}`,
    `Uid:\t${uid}\t${uid}\t${uid}\t${uid}`,
    inner === undefined ? `NSpid:\t${pid}` : `NSpid:\t${pid}\t${inner}`,
  ].join('\n');
