import { basename, extname } from 'node:path';
import { LOCKED_CACHE_SIZE } from '../arena/arena-layout.js';
import { isRefusal, type ProcTree } from './proc-tree.js';
import { innerPid } from './process-names.js';

/** Dolphin's memory object as one of its descriptors shows it. */
export interface ArenaObject {
  readonly pid: number;
  readonly descriptor: string;
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  /** File name of the disc image that process has open, without its extension. */
  readonly image?: string;
}

export type DescriptorLook =
  | { readonly kind: 'arena'; readonly object: ArenaObject }
  | { readonly kind: 'none' | 'forbidden' | 'gone' };

/** The end of the path only: its folder is another mount inside a sandbox, and what Android opens has another name. */
const ARENA = /[/:](?:dolphin-emu|dolphinmem)\.(\d+)(?: \(deleted\))?$/;
const IMAGE = /\.(?:iso|gcm|gcz|ciso|wbfs|wia|rvz|nfs|tgc|wad|dol|elf)$/i;

/** Bookkeeping of a sweep: how many entries were looked at. */
export interface SweepCount {
  entries: number;
}

/**
 * Looks for the arena among the descriptors of one process. Whoever reads a Dolphin's memory has the same object open, so the number
 * in its name must be the number this very process has in its own namespace.
 */
export const lookAtDescriptors = (proc: ProcTree, pid: number, count: SweepCount = { entries: 0 }): DescriptorLook => {
  let descriptors: readonly string[];
  try {
    descriptors = proc.list(`/proc/${pid}/fd`);
  } catch (error) {
    return { kind: isRefusal(error) ? 'forbidden' : 'gone' };
  }
  let inner: number | undefined;
  let object: ArenaObject | undefined;
  let image: string | undefined;
  for (const descriptor of descriptors) {
    count.entries++;
    const target = targetOf(proc, pid, descriptor);
    const owner = ARENA.exec(target)?.[1];
    if (owner === undefined) {
      if (IMAGE.test(target)) image ??= basename(target, extname(target));
      continue;
    }
    inner ??= innerPid(proc, pid);
    if (Number(owner) === inner) object ??= objectOf(proc, pid, descriptor);
  }
  if (!object) return { kind: 'none' };
  return { kind: 'arena', object: image === undefined ? object : { ...object, image } };
};

const targetOf = (proc: ProcTree, pid: number, descriptor: string): string => {
  try {
    return proc.link(`/proc/${pid}/fd/${descriptor}`);
  } catch {
    return '';
  }
};

/** The object is made first and sized afterwards: without a size it is none yet. */
const objectOf = (proc: ProcTree, pid: number, descriptor: string): ArenaObject | undefined => {
  try {
    const { dev, ino, size } = proc.stat(`/proc/${pid}/fd/${descriptor}`);
    return size > 0 ? { pid, descriptor, dev, ino, size } : undefined;
  } catch {
    return undefined;
  }
};

/** Whether the process still has that very object at that very descriptor. Three microseconds. */
export const isHeld = (proc: ProcTree, { pid, descriptor, dev, ino }: ArenaObject): boolean => {
  try {
    const now = proc.stat(`/proc/${pid}/fd/${descriptor}`);
    return now.ino === ino && now.dev === dev;
  } catch {
    return false;
  }
};

/**
 * Where in the object a piece as long as the locked cache is mapped; `undefined` unless it is exactly one place. It tells apart layouts
 * of the same size (docs/specs/dolphin.md, section 1.1).
 */
export const lockedCacheAt = (proc: ProcTree, { pid, ino }: ArenaObject): number | undefined => {
  const places = new Set<number>();
  for (const { length, offset, inode } of mappingsOf(proc, pid)) {
    if (inode === ino && length === LOCKED_CACHE_SIZE) places.add(offset);
  }
  const [only, ...others] = places;
  return others.length === 0 ? only : undefined;
};

export interface Mapping {
  /** Address in that process. */
  readonly start: number;
  readonly length: number;
  readonly permissions: string;
  readonly offset: number;
  readonly inode: number;
}

const MAPPING = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) \S+ (\d+)/;

/** What a process has mapped; nothing when we may not know. */
export const mappingsOf = (proc: ProcTree, pid: number): readonly Mapping[] => {
  let text: string;
  try {
    text = proc.text(`/proc/${pid}/maps`);
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const found = MAPPING.exec(line);
    if (!found) return [];
    const [, from = '', to = '', permissions = '', offset = '', inode = ''] = found;
    const start = Number.parseInt(from, 16);
    const length = Number.parseInt(to, 16) - start;
    return [{ start, length, permissions, offset: Number.parseInt(offset, 16), inode: Number(inode) }];
  });
};
