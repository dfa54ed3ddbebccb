import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { CausewayError } from '@causeway/protocol/errors';

/**
 * Reads what a cartridge's battery held.
 *
 * @returns `undefined` when there is no such file yet
 * @throws `file_unreadable`
 */
export const readBatteryFile = (path: string): Uint8Array | undefined => {
  try {
    return readFileSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CausewayError('file_unreadable', `cannot read the save ${path}`, { cause });
  }
};

/**
 * Writes it whole or not at all: a save cut in half would be worse than an old one.
 *
 * @throws `file_unwritable`
 */
export const writeBatteryFile = (path: string, content: Uint8Array): void => {
  try {
    writeFileSync(`${path}.part`, content);
    renameSync(`${path}.part`, path);
  } catch (cause) {
    throw new CausewayError('file_unwritable', `cannot write the save ${path}`, { cause });
  }
};
