import { join } from 'node:path';
import { type CacheFile, type CacheFiles, UNFINISHED } from './cache-files.js';

/** Several hundred versions of games of the usual size. */
const KEPT_BYTES = 64 * 1024 * 1024;
const KEPT_FILES = 2_000;
/** A file that has been unfinished for so long was left behind by a crash. */
const ABANDONED_MS = 3_600_000;

/** Keeps the packages used last, within bounds. Touches nothing else that may lie in the folder. */
export const prunePackages = async (files: CacheFiles, folder: string, nowMs: number): Promise<void> => {
  const found = await files.list(join(folder, 'datapackage'));
  const abandoned = found.filter(({ path, usedAt }) => path.endsWith(UNFINISHED) && nowMs - usedAt > ABANDONED_MS);
  const surplus = beyondBounds(found.filter(({ path }) => path.endsWith('.json')));
  for (const { path } of [...abandoned, ...surplus]) await files.remove(path);
};

const beyondBounds = (packages: readonly CacheFile[]): readonly CacheFile[] => {
  let bytes = 0;
  return [...packages]
    .sort((a, b) => b.usedAt - a.usedAt)
    .filter((file, index) => {
      bytes += file.bytes;
      return bytes > KEPT_BYTES || index >= KEPT_FILES;
    });
};
