import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ArenaAccess, ArenaEnding } from '../access/arena-access.js';
import { DescriptorAccess, type OpenableArena } from '../access/descriptor-access.js';
import type { DolphinArena, DolphinSighting, DolphinSource } from '../access/dolphin-source.js';
import { loadForeignMemory } from '../access/foreign-memory.js';
import { UpgradingAccess } from '../access/upgrading-access.js';
import { ViewAccess } from '../access/view-access.js';
import { noneCalled } from '../dolphin-names.js';
import { type ArenaObject, isHeld, lockedCacheAt, lookAtDescriptors, type SweepCount } from './arena-objects.js';
import { AudioRamAccess, findAudioRam } from './audio-ram.js';
import { whyBlind, whyForbidden } from './forbidden.js';
import { type ProcTree, systemProc } from './proc-tree.js';
import { hasEnded, isCalled, isDolphinLike, parentOf, processName, userFolderOf } from './process-names.js';
import { claimWriting } from './writer-claim.js';

/**
 * How memory is reached: `descriptor` without native code; `view` mapped into our memory, which needs koffi; `auto` begins with the
 * descriptor and goes over to the view where that is possible.
 */
export type LinuxWay = 'auto' | 'descriptor' | 'view';

export interface LinuxSourceOptions {
  readonly way?: LinuxWay;
  /** Only processes of this name, as `DME_DOLPHIN_PROCESS_NAME` has it. */
  readonly processName?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly proc?: ProcTree;
}

/** Descriptors looked at before others get their turn: some milliseconds. */
const SLICE = 1000;

/**
 * Finds Dolphins by the memory they hold, under whatever name they run; those that hold none by their names
 * (docs/specs/dolphin.md, section 2.1).
 */
export const createLinuxSource = (options: LinuxSourceOptions = {}): DolphinSource => {
  const { proc = systemProc, env = {}, processName: wanted } = options;
  const whyNone = () => (wanted === undefined ? whyBlind(proc, env) : noneCalled(wanted));
  return {
    find: async ({ pid, signal }) => {
      signal?.throwIfAborted();
      const pids = pid === undefined ? allPids(proc) : [pid];
      const found = await sweep(proc, pids, options, signal);
      const visible = withoutWrappers(proc, found);
      const blind = visible.length === 0 ? whyNone() : undefined;
      return { found: visible, ...(blind ? { blind } : {}) };
    },
  };
};

const allPids = (proc: ProcTree): readonly number[] => {
  const names = proc.list('/proc').filter((name) => /^\d+$/.test(name));
  return names.map(Number);
};

const sweep = async (
  proc: ProcTree,
  pids: readonly number[],
  options: LinuxSourceOptions,
  signal: AbortSignal | undefined,
): Promise<readonly DolphinSighting[]> => {
  const found: DolphinSighting[] = [];
  const count: SweepCount = { entries: 0 };
  for (const pid of pids) {
    if (pid === proc.pid) continue;
    const sighting = lookAtProcess(proc, pid, options, count);
    if (sighting) found.push(sighting);
    if (count.entries < SLICE) continue;
    count.entries = 0;
    await nextTurn();
    signal?.throwIfAborted();
  }
  return found;
};

const lookAtProcess = (
  proc: ProcTree,
  pid: number,
  { processName: wanted, way = 'auto' }: LinuxSourceOptions,
  count: SweepCount,
): DolphinSighting | undefined => {
  const look = lookAtDescriptors(proc, pid, count);
  if (look.kind === 'gone') return undefined;
  const name = processName(proc, pid);
  if (name === undefined || (wanted !== undefined && !isCalled(proc, pid, name, wanted))) return undefined;
  if (look.kind === 'arena') return arenaOf(proc, look.object, name, way);
  if (wanted === undefined && !isDolphinLike(proc, pid, name)) return undefined;
  if (hasEnded(proc, pid)) return undefined;
  if (look.kind === 'none') return { kind: 'idle', pid, process: name };
  return { kind: 'forbidden', pid, process: name, ...whyForbidden(proc, pid) };
};

const arenaOf = (proc: ProcTree, object: ArenaObject, process: string, way: LinuxWay): DolphinArena => {
  const { pid, dev, ino, image } = object;
  const userFolder = userFolderOf(proc, pid);
  return {
    kind: 'arena',
    pid,
    process,
    key: `${dev}:${ino}`,
    ...(userFolder === undefined ? {} : { userFolder }),
    ...(image === undefined ? {} : { image }),
    open: () => openArena(proc, object, way),
    claimWriting: () => claimWriting(`${dev}:${ino}`),
    openAudioRam: () => {
      const start = findAudioRam(proc, pid);
      return start === undefined ? undefined : new AudioRamAccess(object, start, () => isHeld(proc, object));
    },
  };
};

const openArena = (proc: ProcTree, object: ArenaObject, way: LinuxWay): ArenaAccess | Promise<ArenaAccess> => {
  const { pid, descriptor, size } = object;
  const openable: OpenableArena = {
    path: `/proc/${pid}/fd/${descriptor}`,
    size,
    // A thousand lines to read, for the few sizes that have several readings.
    get lockedCacheAt() {
      return lockedCacheAt(proc, object);
    },
    alive: () => isHeld(proc, object),
    ending: () => endingOf(proc, object),
  };
  const view = (): Promise<ArenaAccess | undefined> => openView(openable);
  if (way === 'view') return view().then((access) => access ?? new DescriptorAccess(openable));
  const first = new DescriptorAccess(openable);
  return way === 'auto' ? new UpgradingAccess(first, view) : first;
};

/** Nothing where koffi is missing, or where the runtime forbids it. */
const openView = async (openable: OpenableArena): Promise<ArenaAccess | undefined> => {
  const memory = await loadForeignMemory();
  try {
    return memory && new ViewAccess(openable, memory);
  } catch {
    return undefined;
  }
};

const endingOf = (proc: ProcTree, object: ArenaObject): ArenaEnding => {
  const { kind } = lookAtDescriptors(proc, object.pid);
  if (kind === 'arena') return 'restarted';
  return kind === 'none' && !hasEnded(proc, object.pid) ? 'stopped' : 'closed';
};

/** A wrapper bears Dolphin's name and waits for the real one, which holds the game. */
const withoutWrappers = (proc: ProcTree, found: readonly DolphinSighting[]): readonly DolphinSighting[] => {
  const parents = new Set<number>();
  for (const { pid } of found) {
    let parent = parentOf(proc, pid);
    while (parent !== undefined && parent > 1 && !parents.has(parent)) {
      parents.add(parent);
      parent = parentOf(proc, parent);
    }
  }
  return found.filter(({ kind, pid }) => kind === 'arena' || !parents.has(pid));
};
