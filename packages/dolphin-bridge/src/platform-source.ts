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
  if (platform === 'win32') {
    return (await import('./windows/windows-source.js')).createWindowsSource({ processName });
  }
  if (platform === 'darwin') return (await import('./macos/mach-source.js')).createMachSource({ processName });
  throw new CausewayError('device_unsupported', `There is no way to Dolphin's memory on ${platform}.`, {
    fix: 'Start the game with Dolphin’s debugger socket and give its address: --device dolphin://socket/PATH.',
  });
};
