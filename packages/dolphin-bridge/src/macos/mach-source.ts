import { CausewayError } from '@causeway/protocol/errors';
import { CopyingAccess, type ForeignArena, type ForeignProcess } from '../access/copying-access.js';
import type { DolphinSighting, DolphinSource } from '../access/dolphin-source.js';
import { LOCKED_CACHE_SIZE, roundUp } from '../arena/arena-layout.js';
import { LOW_MEMORY_SIZE, parseLowMemory } from '../arena/low-memory.js';
import { isDolphinName, noneCalled } from '../dolphin-names.js';
import { loadMachApi, type MachApi, type MachRegion } from './mach-api.js';

export interface MachSourceOptions {
  /** Only processes of this name, as `DME_DOLPHIN_PROCESS_NAME` has it. */
  readonly processName?: string | undefined;
  /** Replaced in tests; default: macOS through koffi. */
  readonly api?: MachApi;
}

const MEM1_LEAST = 0x0180_0000;

const FORBIDDEN = 'macOS does not let programs look into Dolphin.';
const FIX_FORBIDDEN =
  'Start the game with Dolphin’s debugger connection, which needs no permission: set GDBSocket and give --device dolphin://socket/PATH. Or sign Dolphin again with the entitlement com.apple.security.get-task-allow, after every update of it.';

/** Mappings tell where in the arena they begin, so the pieces are found by that and checked by low memory. */
const findArena = (regions: readonly MachRegion[], process: ForeignProcess): ForeignArena | undefined => {
  const writable = regions.filter((region) => region.writable);
  const low = new Uint8Array(LOW_MEMORY_SIZE);
  for (const { base, size, offset } of writable) {
    if (offset !== 0 || size < MEM1_LEAST || !process.read(base, low)) continue;
    const { booted, mem1Size = MEM1_LEAST } = parseLowMemory(low);
    if (!booted) continue;
    const lockedCacheAt = roundUp(mem1Size);
    const at = lockedCacheAt + LOCKED_CACHE_SIZE;
    const mem1 = { at: 0, base, size: Math.min(size, lockedCacheAt) };
    const third = writable.find((region) => region.offset === at && region.size >= LOCKED_CACHE_SIZE);
    if (!third) return { size: at, lockedCacheAt, parts: [mem1] };
    return { size: at + third.size, lockedCacheAt, parts: [mem1, { at, base: third.base, size: third.size }] };
  }
  return undefined;
};

const openProcess = (api: MachApi, pid: number): ForeignProcess & { readonly task: number } => {
  const task = api.openTask(pid);
  if (task === undefined) throw new CausewayError('device_forbidden', FORBIDDEN, { fix: FIX_FORBIDDEN });
  return {
    task,
    read: (base, target) => api.read(task, base, target),
    write: (base, data) => api.write(task, base, data),
    close: () => api.closeTask(task),
  };
};

const openArena = (api: MachApi, pid: number): CopyingAccess | undefined => {
  const process = openProcess(api, pid);
  const arena = findArena(api.regions(process.task), process);
  if (arena) return new CopyingAccess('mach', process, arena);
  process.close();
  return undefined;
};

const lookAt = (api: MachApi, pid: number, name: string): DolphinSighting => {
  try {
    const access = openArena(api, pid);
    if (!access) return { kind: 'idle', pid, process: name };
    access.close();
  } catch {
    return { kind: 'forbidden', pid, process: name, message: FORBIDDEN, fix: FIX_FORBIDDEN };
  }
  const open = (): CopyingAccess => {
    const access = openArena(api, pid);
    if (access) return access;
    throw new CausewayError('device_lost', 'The game was stopped.', { fix: 'Start the game in Dolphin again.' });
  };
  return { kind: 'arena', pid, process: name, key: `mach:${pid}`, open };
};

/**
 * Finds Dolphins on macOS and reaches their memory through their task ports, which macOS hands out only for a Dolphin that was
 * signed again for it. NOT RUN ON A MAC: the logic is tested, the calls are not (`mach-api.ts`).
 */
export const createMachSource = async (options: MachSourceOptions = {}): Promise<DolphinSource> => {
  const { processName, api = await loadMachApi() } = options;
  return {
    find: async ({ pid, signal }) => {
      signal?.throwIfAborted();
      const fits = (name: string): boolean => (processName === undefined ? isDolphinName(name) : name === processName);
      const all = api.processes().filter((process) => pid === undefined || process.pid === pid);
      const found = all.filter(({ name }) => fits(name)).map((process) => lookAt(api, process.pid, process.name));
      const blind = found.length === 0 && processName !== undefined ? noneCalled(processName) : undefined;
      return { found, ...(blind ? { blind } : {}) };
    },
  };
};
