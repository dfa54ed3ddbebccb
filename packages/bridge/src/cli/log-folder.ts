import { join } from 'node:path';
import type { CommandHost } from './command-host.js';

/** Where this system keeps what programs write about their runs. `CAUSEWAY_LOG_DIR` overrides it. */
export const logFolder = ({ env, platform, homeDir }: Pick<CommandHost, 'env' | 'platform' | 'homeDir'>): string => {
  const chosen = env['CAUSEWAY_LOG_DIR'];
  if (chosen) return chosen;
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homeDir, 'AppData', 'Local'), 'Causeway', 'Logs');
  if (platform === 'darwin') return join(homeDir, 'Library', 'Logs', 'Causeway');
  const state = env['XDG_STATE_HOME'];
  // The XDG specification: a relative path there is invalid and to be ignored.
  const base = state?.startsWith('/') ? state : join(homeDir, '.local', 'state');
  return join(base, 'causeway', 'logs');
};
