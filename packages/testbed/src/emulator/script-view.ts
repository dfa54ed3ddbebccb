import type { Clock, Logger } from '@causeway/bridge';
import type { Emulator, EmulatorOptions } from './emulator-options.js';
import type { LuaApiHost } from './lua-api/host.js';

/** BizHawk's defaults, as far as Archipelago's clients ask for these systems. */
const PREFERRED_CORES: Readonly<Record<string, string>> = {
  NES: 'QuickNes',
  SNES: 'Snes9x',
  GB: 'Gambatte',
  GBC: 'Gambatte',
  SGB: 'Gambatte',
  N64: 'Mupen64Plus',
};

/** What a script wants of the loop that runs it; looked at between passes. */
export interface ScriptRequests {
  exit: boolean;
  rom: string | undefined;
  /** Of the frame rate the emulator was started with. */
  speedPercent: number;
  /** Addresses a script wants to be called at, with how many callbacks each. */
  readonly execStops: Map<number, number>;
}

interface Surroundings {
  readonly options: EmulatorOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly requests: ScriptRequests;
  /** Port to name in `CAUSEWAY_PORT`. */
  readonly port: number | undefined;
}

/** An emulator as the script inside it sees it. */
export const scriptView = (
  emulator: Emulator,
  { options, clock, logger, requests, port }: Surroundings,
): LuaApiHost => ({
  machine: emulator.machine,
  clock,
  logger,
  execStops: requests.execStops,
  env: port === undefined ? { ...options.env } : { CAUSEWAY_PORT: String(port), ...options.env },
  preferredCores: new Map(Object.entries(options.preferredCores ?? PREFERRED_CORES)),
  get frameCount() {
    return emulator.frame;
  },
  get paused() {
    return emulator.paused;
  },
  setPaused: (paused) => (paused ? emulator.pause() : emulator.resume()),
  showMessage: (text) => {
    logger.info('emulator.message', { text });
    options.onMessage?.(text);
  },
  print: (text) => {
    logger.debug('lua.print', { text });
    options.onPrint?.(text);
  },
  softReset: () => emulator.softReset(),
  powerCycle: () => emulator.powerCycle(),
  saveState: () => emulator.saveState(),
  loadState: (state) => emulator.loadState(state),
  flushBatteryRam: () => emulator.flushBatteryRam(),
  setSpeed: (percent) => {
    if (percent > 0) requests.speedPercent = percent;
  },
  requestExit: () => {
    requests.exit = true;
  },
  requestRom: (path) => {
    requests.rom = path;
  },
});
