import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { CausewayError } from '@causeway/protocol/errors';

/** `qt`: the program with windows. `nogui`: the one without, for tests and servers. */
export type DolphinBuild = 'qt' | 'nogui';

/** What is executed, and the arguments that stand before Dolphin's own. */
export interface DolphinProgram {
  readonly path: string;
  /** Set when Dolphin is started through Flatpak, whose sandbox must be told which folders to let in. */
  readonly flatpak: boolean;
}

export interface ProgramSearch {
  /** A path, or a name to look for where programs are; default: Dolphin's usual names in the usual places. */
  readonly program?: string | undefined;
  readonly build: DolphinBuild;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** Replaces the file system in tests. */
  readonly isProgram?: (path: string) => Promise<boolean>;
}

export const FLATPAK_ID = 'org.DolphinEmu.dolphin-emu';

const NAMES: Readonly<Record<DolphinBuild, { posix: readonly string[]; windows: readonly string[] }>> = {
  qt: { posix: ['dolphin-emu', 'dolphin-emu-qt2'], windows: ['Dolphin.exe'] },
  nogui: { posix: ['dolphin-emu-nogui'], windows: ['DolphinNoGUI.exe', 'dolphin-emu-nogui.exe'] },
};

const INSTALL: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  win32: 'Install Dolphin from dolphin-emu.org, or give the path of Dolphin.exe.',
  darwin: 'Put Dolphin.app into the Applications folder, or give its path.',
};
const INSTALL_ELSEWHERE = 'Install Dolphin (package dolphin-emu, or the Flatpak), or give the path of the program.';

const isExecutableFile = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
};

const searchFolders = ({ env, platform }: ProgramSearch): readonly string[] => {
  if (platform === 'win32') {
    const programs = [env['ProgramFiles'], env['LOCALAPPDATA']].filter((folder) => folder !== undefined);
    const homes = programs.flatMap((folder) => [win32.join(folder, 'Dolphin'), win32.join(folder, 'Dolphin-x64')]);
    return [...(env['PATH'] ?? env['Path'] ?? '').split(';'), ...homes].filter((folder) => folder !== '');
  }
  // Debian keeps games out of the PATH of services and of root.
  const folders = [...(env['PATH'] ?? '').split(':'), '/usr/games', '/usr/local/games', '/usr/local/bin'];
  return folders.filter((folder) => folder !== '');
};

const macPrograms = ({ env, build }: ProgramSearch): readonly string[] => {
  const homes = ['/Applications', ...(env['HOME'] ? [posix.join(env['HOME'], 'Applications')] : [])];
  const name = build === 'qt' ? 'Dolphin' : 'dolphin-emu-nogui';
  return homes.map((home) => posix.join(home, 'Dolphin.app/Contents/MacOS', name));
};

const flatpakExports = ({ env }: ProgramSearch): readonly string[] => {
  const data = env['XDG_DATA_HOME'] ?? (env['HOME'] ? posix.join(env['HOME'], '.local/share') : undefined);
  const roots = ['/var/lib', ...(data ? [data] : [])];
  return roots.map((root) => posix.join(root, 'flatpak/exports/bin', FLATPAK_ID));
};

const firstOf = async (
  paths: readonly string[],
  isProgram: (path: string) => Promise<boolean>,
): Promise<string | undefined> => {
  for (const path of paths) if (await isProgram(path)) return path;
  return undefined;
};

const findGiven = async (
  program: string,
  search: ProgramSearch,
  isProgram: (path: string) => Promise<boolean>,
): Promise<string> => {
  const { platform } = search;
  const path = platform === 'win32' ? win32 : posix;
  const bundle = platform === 'darwin' && program.endsWith('.app');
  const named = bundle ? posix.join(program, 'Contents/MacOS/Dolphin') : program;
  const candidates = named === path.basename(named) ? searchFolders(search).map((at) => path.join(at, named)) : [named];
  const found = await firstOf(candidates, isProgram);
  if (found !== undefined) return found;
  throw new CausewayError('file_unreadable', `${program} is no program that can be started.`, {
    fix: 'Give the path of the Dolphin program itself. An AppImage must be made executable first.',
    context: { program },
  });
};

/**
 * Finds the Dolphin to start: the one given, else the one installed, Flatpak last (only its Qt build; its sandbox needs
 * folders let in).
 *
 * Throws `file_unreadable` when the given program is none, `device_not_found` when Dolphin is not installed.
 */
export const findProgram = async (search: ProgramSearch): Promise<DolphinProgram> => {
  const { program, build, platform, isProgram = isExecutableFile } = search;
  if (program !== undefined) {
    const path = await findGiven(program, search, isProgram);
    return { path, flatpak: posix.basename(path) === FLATPAK_ID };
  }
  const windows = platform === 'win32';
  const names = windows ? NAMES[build].windows : NAMES[build].posix;
  const join = windows ? win32.join : posix.join;
  const installed = searchFolders(search).flatMap((folder) => names.map((name) => join(folder, name)));
  const usual = platform === 'darwin' ? [...macPrograms(search), ...installed] : installed;
  const path = await firstOf(usual, isProgram);
  if (path !== undefined) return { path, flatpak: false };

  const sandboxed =
    platform === 'linux' && build === 'qt' ? await firstOf(flatpakExports(search), isProgram) : undefined;
  if (sandboxed !== undefined) return { path: sandboxed, flatpak: true };
  throw new CausewayError('device_not_found', `Dolphin (${names[0]}) is not installed.`, {
    fix: INSTALL[platform] ?? INSTALL_ELSEWHERE,
  });
};
