import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { CausewayError } from '@causeway/protocol/errors';

type Environment = Readonly<Record<string, string | undefined>>;

const isReadable = (path: string, mode: number = constants.R_OK): boolean => {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
};

/** Programs of that name in PATH. Whoever installed RetroArch elsewhere says where. */
export const findProgram = (program: string, env: Environment): string => {
  const name = process.platform === 'win32' && !program.endsWith('.exe') ? `${program}.exe` : program;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = isAbsolute(program) ? [program] : folders.map((folder) => join(folder, name));
  const found = candidates.find((path) => isReadable(path, constants.X_OK));
  if (found !== undefined) return found;
  throw new CausewayError('emulator_failed', `RetroArch was not found (${program}).`, {
    context: { program },
    fix: 'Install RetroArch, or say where its program is.',
  });
};

const SUFFIX: Readonly<Partial<Record<NodeJS.Platform, string>>> = { win32: '.dll', darwin: '.dylib' };

/** Where cores lie: the user's own, the distribution's, and the one folder below that Debian names after the machine. */
const coreFolders = (env: Environment): readonly string[] => {
  const home = env['HOME'];
  const chosen = env['LIBRETRO_DIRECTORY'];
  const own = home === undefined ? [] : [join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'retroarch', 'cores')];
  const roots = ['/usr/lib', '/usr/lib64', '/usr/local/lib'];
  const byMachine = roots.flatMap((root) => {
    try {
      return readdirSync(root).map((name) => join(root, name, 'libretro'));
    } catch {
      return [];
    }
  });
  return [...(chosen ? [chosen] : []), ...own, ...roots.map((root) => join(root, 'libretro')), ...byMachine];
};

/**
 * The file of a core, such as `bsnes_mercury_performance`; an absolute path is taken as it is.
 *
 * @throws `emulator_failed` when it is not installed
 */
export const findCore = (core: string, env: Environment): string => {
  const file = `${core}_libretro${SUFFIX[process.platform] ?? '.so'}`;
  const candidates = isAbsolute(core) ? [core] : coreFolders(env).map((folder) => join(folder, file));
  const found = candidates.find((path) => isReadable(path));
  if (found !== undefined) return found;
  throw new CausewayError('emulator_failed', `RetroArch's core ${core} is not installed.`, {
    context: { core, file },
    fix: 'In RetroArch: Online Updater > Core Downloader; on Debian and Ubuntu install the package libretro-… of that core.',
  });
};

const INFO_FOLDERS = ['/usr/share/libretro/info', '/usr/share/retroarch/info', '/usr/local/share/libretro/info'];

/** Where the cores' info files lie, if the distribution brings them. */
export const findInfoFolder = (): string | undefined => INFO_FOLDERS.find((folder) => isReadable(folder));
