import { CausewayError } from '@causeway/protocol/errors';
import type { DolphinSource } from './access/dolphin-source.js';
import type { DolphinOptions } from './dolphin-options.js';

/** What finds Dolphins on this operating system. Loaded when first used: each brings its own. */
export const platformSource = async (
  { way = 'auto', env = {} }: Pick<DolphinOptions, 'way' | 'env'>,
  platform: NodeJS.Platform = process.platform,
): Promise<DolphinSource> => {
  const processName = env['DME_DOLPHIN_PROCESS_NAME'] || undefined;
  if (platform === 'linux') {
    return (await import('./linux/linux-source.js')).createLinuxSource({ way, env, processName });
  }
  throw new CausewayError('device_unsupported', `There is no way to Dolphin's memory on ${platform}.`);
};
