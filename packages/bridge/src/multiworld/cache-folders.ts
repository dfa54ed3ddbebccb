import { homedir } from 'node:os';
import { join } from 'node:path';

/** What decides where this system keeps caches. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As `process.platform`. */
  readonly platform: string;
  readonly homeDir: string;
}

export interface CacheFolders {
  /** Ours. */
  readonly folder: string;
  /** Archipelago's own (`archipelago.md` §7). Absent when ours was chosen by hand: then nothing else is looked at. */
  readonly sharedFolder?: string;
}

/** The machine this program runs on. */
export const thisMachine = (): Machine => ({ env: process.env, platform: process.platform, homeDir: homedir() });

/** Where this system keeps what programs can get again. `CAUSEWAY_CACHE_DIR` overrides it. */
export const cacheFolders = ({ env, platform, homeDir }: Machine): CacheFolders => {
  const chosen = env['CAUSEWAY_CACHE_DIR'];
  if (chosen) return { folder: chosen };
  if (platform === 'win32') {
    const base = env['LOCALAPPDATA'] || join(homeDir, 'AppData', 'Local');
    return { folder: join(base, 'Causeway', 'Cache'), sharedFolder: join(base, 'Archipelago', 'Cache') };
  }
  if (platform === 'darwin') {
    const base = join(homeDir, 'Library', 'Caches');
    return { folder: join(base, 'Causeway'), sharedFolder: join(base, 'Archipelago') };
  }
  const cache = env['XDG_CACHE_HOME'];
  // The XDG specification: a relative path there is invalid and to be ignored.
  const base = cache?.startsWith('/') ? cache : join(homeDir, '.cache');
  return { folder: join(base, 'causeway'), sharedFolder: join(base, 'Archipelago') };
};
