import { lstat } from 'node:fs/promises';
import { CausewayError } from '@causeway/protocol/errors';
import type { DolphinArena, DolphinSource, ForbiddenDolphin } from '../access/dolphin-source.js';
import { inspectGame } from '../game-facts.js';
import { formatGdbUri } from '../gdb/gdb-endpoint.js';
import { platformSource } from '../platform-source.js';
import { pidUri } from '../target.js';

/** A game that runs in a Dolphin of ours. */
export interface LaunchedGame {
  readonly pid: number;
  readonly uri: string;
}

/** Where to look for the game that was started. */
export interface LaunchedFamily {
  /** The process started and all it started, itself first. */
  readonly pids: readonly number[];
  readonly gdbSocket: string | undefined;
  readonly platform: NodeJS.Platform;
  /** Replaced in tests; default: what finds Dolphins on the platform. */
  readonly source?: DolphinSource;
}

const hasBegun = async (arena: DolphinArena): Promise<boolean> => {
  try {
    const access = await arena.open();
    try {
      return (await inspectGame(access)) !== undefined;
    } finally {
      await access.close();
    }
  } catch (error) {
    // Gone between finding and opening: the next look tells.
    if (CausewayError.is(error) && error.code === 'device_lost') return false;
    throw error;
  }
};

/**
 * The game, once its memory can be opened and the console has started in it. With a debugger socket the game stands still until
 * somebody connects, so the socket is what is waited for. Throws `device_forbidden` when what was started is closed to us.
 */
export const lookForGame = async (family: LaunchedFamily): Promise<LaunchedGame | undefined> => {
  const { pids, gdbSocket, platform } = family;
  if (gdbSocket !== undefined) {
    const there = await lstat(gdbSocket).catch(() => undefined);
    const pid = pids.at(-1);
    if (!there?.isSocket() || pid === undefined) return undefined;
    return { pid, uri: formatGdbUri({ kind: 'socket', path: gdbSocket }) };
  }
  const source = family.source ?? (await platformSource({ way: 'descriptor' }, platform));
  let closed: ForbiddenDolphin | undefined;
  for (const pid of pids) {
    const { found } = await source.find({ pid });
    for (const sighting of found) {
      if (sighting.kind === 'arena' && (await hasBegun(sighting))) return { pid, uri: pidUri(pid) };
      if (sighting.kind === 'forbidden') closed = sighting;
    }
  }
  // Waiting does not open it.
  if (closed) throw new CausewayError('device_forbidden', closed.message, { fix: closed.fix });
  return undefined;
};
