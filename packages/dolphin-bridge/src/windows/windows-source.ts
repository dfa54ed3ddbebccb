import { setImmediate as nextTurn } from 'node:timers/promises';
import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess } from '../access/arena-access.js';
import { CopyingAccess, type ForeignArena, type ForeignProcess } from '../access/copying-access.js';
import type { DolphinArena, DolphinSighting, DolphinSource, ForbiddenDolphin } from '../access/dolphin-source.js';
import { isDolphinName, noneCalled } from '../dolphin-names.js';
import { findParts } from './find-parts.js';
import { loadWindowsApi } from './koffi-windows-api.js';
import { SectionAccess, sectionName } from './section-access.js';
import { ERROR_ACCESS_DENIED, isRefusal, type WindowsApi, type WindowsProcess } from './windows-api.js';

export interface WindowsSourceOptions {
  /** Only processes of this name, as `DME_DOLPHIN_PROCESS_NAME` has it. */
  readonly processName?: string | undefined;
  /** Replaced in tests; default: Windows through koffi. */
  readonly api?: WindowsApi;
}

const FIX_ADMINISTRATOR =
  'Dolphin runs as administrator. Start it normally, or start this program as administrator, too.';

const forbidden = ({ pid, name }: WindowsProcess): ForbiddenDolphin => ({
  kind: 'forbidden',
  pid,
  process: name,
  message: `Windows does not let this program look into ${name} (pid ${pid}).`,
  fix: FIX_ADMINISTRATOR,
});

const lost = (): CausewayError =>
  new CausewayError('device_lost', 'The game was stopped.', { fix: 'Start the game in Dolphin again.' });

const denied = (): CausewayError =>
  new CausewayError('device_forbidden', 'Windows does not let this program look into Dolphin.', {
    fix: FIX_ADMINISTRATOR,
  });

const arenaInProcess = (
  api: WindowsApi,
  pid: number,
): { process: ForeignProcess; arena: ForeignArena } | number | undefined => {
  const handle = api.openProcess(pid);
  if (isRefusal(handle)) return handle.error;
  const process: ForeignProcess = {
    read: (base, target) => api.readProcess(handle, base, target),
    write: (base, data) => api.writeProcess(handle, base, data),
    close: () => api.close(handle),
  };
  const arena = findParts(api.mappedRegions(handle), process.read);
  if (arena) return { process, arena };
  process.close();
  return undefined;
};

const openProcessAccess = (api: WindowsApi, pid: number): ArenaAccess => {
  const found = arenaInProcess(api, pid);
  if (found === ERROR_ACCESS_DENIED) throw denied();
  if (found === undefined || typeof found === 'number') throw lost();
  return new CopyingAccess('process', found.process, found.arena);
};

const openSectionAccess = (api: WindowsApi, pid: number): ArenaAccess => {
  const section = api.openSection(sectionName(pid));
  if (isRefusal(section)) throw section.error === ERROR_ACCESS_DENIED ? denied() : lost();
  const view = api.mapSection(section);
  api.close(section);
  // Mapping may be forbidden to us; copying is not then.
  return view ? new SectionAccess(api, pid, view) : openProcessAccess(api, pid);
};

const arenaBySection = (api: WindowsApi, { pid, name }: WindowsProcess): DolphinArena => ({
  kind: 'arena',
  pid,
  process: name,
  key: `section:${pid}`,
  open: () => openSectionAccess(api, pid),
});

/** The long way round, for a Dolphin whose memory has no name. */
const searchProcess = (api: WindowsApi, process: WindowsProcess): DolphinSighting => {
  const { pid, name } = process;
  const found = arenaInProcess(api, pid);
  if (found === ERROR_ACCESS_DENIED) return forbidden(process);
  if (found === undefined || typeof found === 'number') return { kind: 'idle', pid, process: name };
  found.process.close();
  const key = `region:${pid}:${found.arena.parts[0]?.base.toString(16)}`;
  return { kind: 'arena', pid, process: name, key, open: () => openProcessAccess(api, pid) };
};

const lookAt = (api: WindowsApi, process: WindowsProcess, named: boolean): DolphinSighting | undefined => {
  const section = api.openSection(sectionName(process.pid));
  if (!isRefusal(section)) {
    api.close(section);
    return arenaBySection(api, process);
  }
  if (section.error === ERROR_ACCESS_DENIED) return forbidden(process);
  // The name only decides where to search for memory that has none.
  return named || isDolphinName(process.name) ? searchProcess(api, process) : undefined;
};

/**
 * Finds Dolphins by the name of their memory, under whatever name they run; those that have not named it by searching the
 * processes called like Dolphin (docs/specs/dolphin.md, sections 2.2 and 4.6). Rejects with `device_unsupported` without koffi.
 */
export const createWindowsSource = async (options: WindowsSourceOptions = {}): Promise<DolphinSource> => {
  const { processName, api = await loadWindowsApi() } = options;
  const wanted = processName?.toLowerCase();
  const fits = ({ name }: WindowsProcess): boolean =>
    wanted === undefined || name.toLowerCase() === wanted || name.toLowerCase() === `${wanted}.exe`;
  return {
    find: async ({ pid, signal }) => {
      signal?.throwIfAborted();
      const all = api.processes().filter((process) => (pid === undefined || process.pid === pid) && fits(process));
      const found: DolphinSighting[] = [];
      for (const process of all) {
        const sighting = lookAt(api, process, wanted !== undefined);
        if (!sighting) continue;
        found.push(sighting);
        await nextTurn();
        signal?.throwIfAborted();
      }
      const blind = found.length === 0 && processName !== undefined ? noneCalled(processName) : undefined;
      return { found, ...(blind ? { blind } : {}) };
    },
  };
};
