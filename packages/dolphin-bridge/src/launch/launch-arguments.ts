import { dirname } from 'node:path';
import { CausewayError } from '@causeway/protocol/errors';
import type { DolphinBuild } from './find-program.js';

/** Overrides for one run, not saved: `Dolphin.Core.MMU` → `True`. */
export type DolphinConfig = Readonly<Record<string, string>>;

export interface LaunchFlags {
  readonly image: string;
  readonly userFolder: string;
  readonly build: DolphinBuild;
  readonly flatpak: boolean;
  /** No picture and no sound; with the `nogui` build no display is needed either. */
  readonly headless: boolean;
  readonly config: DolphinConfig;
  /** Path of the Unix socket on which Dolphin's debugger connection shall listen. */
  readonly gdbSocket?: string | undefined;
  /** State file to begin from. */
  readonly saveState?: string | undefined;
}

/**
 * Without the first, SIGTERM only opens a question; without the second a fresh profile begins with one. Without the third,
 * newer builds may ask about an update.
 */
const BEHAVE: DolphinConfig = {
  'Dolphin.Interface.ConfirmStop': 'False',
  'Dolphin.Analytics.PermissionAsked': 'True',
  'Dolphin.AutoUpdate.UpdateTrack': '',
};

const SILENT: DolphinConfig = { 'Dolphin.DSP.Backend': 'No Audio Output' };

/** System, section, key. */
const CONFIG_KEY = /^[A-Za-z0-9]+\.[A-Za-z0-9 ]+\.[A-Za-z0-9_ ]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a value ends at such a character
const CONTROL = /[\u0000-\u001f]/;

const configArguments = (config: DolphinConfig): readonly string[] =>
  Object.entries(config).flatMap(([key, value]) => {
    if (!CONFIG_KEY.test(key) || CONTROL.test(value)) {
      throw new CausewayError('usage', `${JSON.stringify(key)} is no Dolphin setting.`, {
        fix: 'Name settings as System.Section.Key, for example Dolphin.Core.MMU, and give a value of one line.',
      });
    }
    return ['-C', `${key}=${value}`];
  });

/** Folders the sandbox must let in. The image may lie anywhere; Dolphin only reads it. */
const flatpakArguments = ({ image, userFolder, gdbSocket }: LaunchFlags): readonly string[] => [
  `--filesystem=${dirname(image)}:ro`,
  `--filesystem=${userFolder}`,
  ...(gdbSocket === undefined ? [] : [`--filesystem=${dirname(gdbSocket)}`]),
];

/**
 * Arguments after the program (source: measured, see `docs/dolphin-platforms.md`). `config` wins over what makes Dolphin behave.
 *
 * Throws `usage` for a setting that is none.
 */
export const launchArguments = (flags: LaunchFlags): readonly string[] => {
  const { image, userFolder, build, headless, config, gdbSocket, saveState } = flags;
  const debug = gdbSocket === undefined ? {} : { 'Dolphin.General.GDBSocket': gdbSocket };
  return [
    ...(headless && build === 'nogui' ? ['-p', 'headless'] : []),
    '-u',
    userFolder,
    ...configArguments({ ...BEHAVE, ...(headless ? SILENT : {}), ...config, ...debug }),
    ...(headless ? ['-v', 'Null'] : []),
    ...(saveState === undefined ? [] : ['-s', saveState]),
    // Ends the program with the game; the build without windows does so anyway.
    ...(build === 'qt' ? ['-b'] : []),
    '-e',
    image,
  ];
};

/** Program and arguments as they are started. A Flatpak is run by name, so that the sandbox lets our folders in. */
export const launchCommand = (
  path: string,
  flatpakId: string,
  flags: LaunchFlags,
): { readonly file: string; readonly args: readonly string[] } =>
  flags.flatpak
    ? { file: 'flatpak', args: ['run', ...flatpakArguments(flags), flatpakId, ...launchArguments(flags)] }
    : { file: path, args: launchArguments(flags) };
