import { type FileHandle, lstat, open, readdir, readlink } from 'node:fs/promises';
import { formatGdbUri } from '../gdb/gdb-endpoint.js';

/** A game that runs in a Dolphin of ours. */
export interface LaunchedGame {
  readonly pid: number;
  readonly uri: string;
}

/** Link target of Dolphin's memory object: whoever has mapped it, has it open. Named after the pid inside its sandbox. */
const ARENA = /\/(?:dolphin-emu|dolphinmem)\.\d+(?: \(deleted\))?$/;
const BOOT_CODES: readonly number[] = [0x0d15_ea5e, 0xe520_7c22];
const HEAD_SIZE = 0x24;

/** Low memory once a game has begun: a boot code, and on top a game id, or a Wii title from the NAND, which has none. */
const hasBegun = (head: DataView): boolean => {
  const titled = head.getUint32(0) !== 0;
  return BOOT_CODES.includes(head.getUint32(0x20)) && (titled || head.getUint32(0x18) === 0);
};

const headOf = async (file: FileHandle): Promise<DataView | undefined> => {
  const head = new DataView(new ArrayBuffer(HEAD_SIZE));
  const { bytesRead } = await file.read(head, 0, HEAD_SIZE, 0);
  return bytesRead === HEAD_SIZE ? head : undefined;
};

const gameBegun = async (path: string): Promise<boolean> => {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return false;
  try {
    const head = await headOf(file);
    return head !== undefined && hasBegun(head);
  } finally {
    await file.close();
  }
};

const gameIn = async (pid: number, proc: string): Promise<boolean> => {
  const folder = `${proc}/${pid}/fd`;
  for (const name of await readdir(folder).catch(() => [])) {
    const target = await readlink(`${folder}/${name}`).catch(() => '');
    if (ARENA.test(target) && (await gameBegun(`${folder}/${name}`))) return true;
  }
  return false;
};

/**
 * Whether a game runs in one of these processes. With a debugger socket the game stands still until somebody connects, so the
 * socket is what is waited for.
 */
export const lookForGame = async (
  pids: readonly number[],
  gdbSocket: string | undefined,
  proc = '/proc',
): Promise<LaunchedGame | undefined> => {
  if (gdbSocket !== undefined) {
    const there = await lstat(gdbSocket).catch(() => undefined);
    const pid = pids.at(-1);
    return there?.isSocket() && pid !== undefined
      ? { pid, uri: formatGdbUri({ kind: 'socket', path: gdbSocket }) }
      : undefined;
  }
  for (const pid of pids) if (await gameIn(pid, proc)) return { pid, uri: `dolphin://pid/${pid}` };
  return undefined;
};
