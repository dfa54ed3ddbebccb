import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file of a cache folder, as pruning sees it. */
export interface CacheFile {
  readonly path: string;
  readonly bytes: number;
  /** When it was last written or used; milliseconds since the Unix epoch. */
  readonly usedAt: number;
}

/** The few things a cache does with files. Reading never throws: whatever is wrong with a file, it is as good as missing. */
export interface CacheFiles {
  /** Bytes of a regular file; `undefined` for everything else. Opens nothing. */
  size(path: string): number | undefined;
  /** The text of a regular file of at most `limit` bytes, without a byte-order mark. */
  read(path: string, limit: number): string | undefined;
  /** Writes beside the file and renames, making folders on the way: no reader ever sees half of it. */
  write(path: string, text: string): Promise<void>;
  /** Notes that a file was used. */
  touch(path: string): Promise<void>;
  /** The files two levels below a folder, following no symbolic links. */
  list(folder: string): Promise<readonly CacheFile[]>;
  /** Removes a file, and its folder when that was the last in it. */
  remove(path: string): Promise<void>;
}

/** Ends the names of files that are being written. */
export const UNFINISHED = '.part';

/** Opening a pipe must not wait for a writer. Windows has no such flag, and no such pipes. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const BYTE_ORDER_MARK = 0xfeff;

const readRegular = (path: string, limit: number): string | undefined => {
  const file = openSync(path, OPEN_FLAGS);
  try {
    const status = fstatSync(file);
    if (!status.isFile() || status.size > limit) return undefined;
    const text = readFileSync(file, 'utf8');
    return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  } finally {
    closeSync(file);
  }
};

const attempt = <T>(read: () => T | undefined): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

const filesIn = async (folder: string): Promise<readonly CacheFile[]> => {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(folder, entry.name));
  const found = await Promise.allSettled(
    files.map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return { path, bytes: size, usedAt: mtimeMs };
    }),
  );
  return found.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
};

/** The files of this machine. */
export const diskFiles: CacheFiles = {
  size: (path) =>
    attempt(() => {
      const status = statSync(path, { throwIfNoEntry: false });
      return status?.isFile() ? status.size : undefined;
    }),
  read: (path, limit) => attempt(() => readRegular(path, limit)),
  write: async (path, text) => {
    await mkdir(dirname(path), { recursive: true });
    const unfinished = `${path}.${randomBytes(6).toString('hex')}${UNFINISHED}`;
    try {
      await writeFile(unfinished, text, { flag: 'wx' });
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  },
  touch: async (path) => {
    const now = new Date();
    await utimes(path, now, now);
  },
  list: async (folder) => {
    const entries = await readdir(folder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
    const found = await Promise.allSettled(folders.map(filesIn));
    return found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  },
  remove: async (path) => {
    await rm(path, { force: true });
    await rmdir(dirname(path)).catch(() => {});
  },
};
