import { lstat } from 'node:fs/promises';
import type { DolphinArena, DolphinSource } from '../access/dolphin-source.js';
import { openGdbAccess } from './gdb-access.js';
import { formatGdbUri } from './gdb-endpoint.js';
import type { GdbSessionOptions } from './gdb-session.js';

export interface GdbSourceOptions extends GdbSessionOptions {
  /** The Dolphin that listens there, where it is known: it was started by us. */
  readonly pid?: number;
}

/** Stands for a process whose number nobody told us. */
const UNKNOWN_PID = 0;

const listens = async ({ endpoint }: GdbSourceOptions): Promise<boolean> => {
  // Connecting is no way to look: Dolphin takes one connection, once.
  if (endpoint.kind === 'tcp') return true;
  const there = await lstat(endpoint.path).catch(() => undefined);
  return there?.isSocket() === true;
};

/** Finds the one Dolphin whose debugger connection was named. */
export const createGdbSource = (options: GdbSourceOptions): DolphinSource => ({
  find: async ({ pid, signal }) => {
    const there = await listens(options);
    signal?.throwIfAborted();
    const own = options.pid ?? UNKNOWN_PID;
    if (!there || (pid !== undefined && pid !== own)) return { found: [] };
    const arena: DolphinArena = {
      kind: 'arena',
      pid: own,
      process: 'Dolphin’s debugger connection',
      key: formatGdbUri(options.endpoint),
      open: (abort) => openGdbAccess(options, abort),
    };
    return { found: [arena] };
  },
});
