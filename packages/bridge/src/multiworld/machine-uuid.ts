import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject } from '@causeway/protocol/archipelago';
import { type Logger, silentLogger } from '../logger.js';
import { diskFiles } from './cache-files.js';
import type { CacheFolders } from './cache-folders.js';

const FILE = 'common.json';
const MAX_BYTES = 64 * 1024;
const MAX_LENGTH = 200;

/**
 * The id of this machine and user, which a login carries: the one of Archipelago's own `common.json` if it has one, else that of
 * ours, which is made at the first call. Never fails: where nothing can be written, each run has another id.
 */
export const machineUuid = ({ folder, sharedFolder }: CacheFolders, logger: Logger = silentLogger): string => {
  const known = (sharedFolder === undefined ? undefined : readUuid(sharedFolder)) ?? readUuid(folder);
  if (known !== undefined) return known;
  const made = randomUUID();
  try {
    return keepUuid(folder, made);
  } catch (error) {
    logger.warn('multiworld.uuid_not_kept', { folder, error: String(error) });
    return made;
  }
};

const readUuid = (folder: string): string | undefined => {
  const text = diskFiles.read(join(folder, FILE), MAX_BYTES);
  try {
    const common: unknown = JSON.parse(text ?? '');
    const uuid = isJsonObject(common) ? common['uuid'] : undefined;
    return typeof uuid === 'string' && uuid !== '' && uuid.length <= MAX_LENGTH ? uuid : undefined;
  } catch {
    return undefined;
  }
};

/** Of two programs that begin at once, both use what the first has written. */
const keepUuid = (folder: string, uuid: string): string => {
  const path = join(folder, FILE);
  const unfinished = `${path}.${randomBytes(6).toString('hex')}.part`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(unfinished, JSON.stringify({ uuid }), { flag: 'wx' });
  try {
    linkSync(unfinished, path);
    return uuid;
  } catch {
    // It is there already, or this file system has no links.
    const other = readUuid(folder);
    if (other !== undefined) return other;
    renameSync(unfinished, path);
    return uuid;
  } finally {
    rmSync(unfinished, { force: true });
  }
};
