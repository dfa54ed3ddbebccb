import type { Logger } from '../logger.js';
import { cacheFolders, type Machine, thisMachine } from './cache-folders.js';
import { diskDataPackages } from './data-packages-disk.js';
import { machineUuid } from './machine-uuid.js';
import type { MultiworldOptions } from './options.js';

/** What the multiworld side keeps on this machine between runs, for the options of `openMultiworld`. */
export const keptOnDisk = (
  logger?: Logger,
  machine: Machine = thisMachine(),
): Required<Pick<MultiworldOptions, 'dataPackages' | 'uuid'>> => {
  const folders = cacheFolders(machine);
  const dataPackages = diskDataPackages({ ...folders, ...(logger ? { logger } : {}) });
  return { dataPackages, uuid: machineUuid(folders, logger) };
};
