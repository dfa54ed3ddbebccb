import { join } from 'node:path';

/** How RetroArch is to behave when we start it. */
export interface RetroArchSettings {
  /** UDP port of its network commands. */
  readonly port: number;
  /** Folder for saves, states and logs of this game. */
  readonly folder: string;
  /** Neither window nor sound nor input: for tests and for machines without a screen. */
  readonly headless: boolean;
  /** Folder of the core. */
  readonly coreFolder: string;
  /** Folder of the cores' info files: without them RetroArch believes that no core can save states. */
  readonly infoFolder?: string | undefined;
}

const HEADLESS: Readonly<Record<string, string>> = {
  video_driver: 'null',
  audio_driver: 'null',
  input_driver: 'null',
  input_joypad_driver: 'null',
  menu_driver: 'null',
  camera_driver: 'null',
  location_driver: 'null',
  record_driver: 'null',
  midi_driver: 'null',
  video_vsync: 'false',
  audio_sync: 'false',
  // Without screen and sound nothing else keeps it at the console's own speed.
  vrr_runloop_enable: 'true',
  fastforward_ratio: '0.0',
  video_threaded: 'false',
};

/** Folders below `folder` that must exist. */
export const SETTINGS_FOLDERS = ['saves', 'states', 'system', 'cache', 'logs'] as const;

const quoted = (value: string): string => `"${value.replaceAll('"', '')}"`;

/**
 * The lines of a configuration that is laid over the player's own (`--appendconfig`), which stays as it is. A second window must
 * not stop the game, one QUIT must end it, and save RAM reaches the disk while the game runs.
 */
export const settingsText = ({ port, folder, headless, coreFolder, infoFolder }: RetroArchSettings): string => {
  const settings: Readonly<Record<string, string>> = {
    network_cmd_enable: 'true',
    network_cmd_port: String(port),
    stdin_cmd_enable: 'false',
    pause_nonactive: 'false',
    quit_press_twice: 'false',
    config_save_on_exit: 'false',
    autosave_interval: '10',
    savefile_directory: join(folder, 'saves'),
    savestate_directory: join(folder, 'states'),
    ...(headless
      ? {
          ...HEADLESS,
          system_directory: join(folder, 'system'),
          cache_directory: join(folder, 'cache'),
          log_dir: join(folder, 'logs'),
          ...(infoFolder === undefined ? {} : { libretro_info_path: infoFolder, libretro_directory: coreFolder }),
          history_list_enable: 'false',
          content_runtime_log: 'false',
          cheevos_enable: 'false',
          check_firmware_before_loading: 'false',
        }
      : {}),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${quoted(value)}\n`)
    .join('');
};
