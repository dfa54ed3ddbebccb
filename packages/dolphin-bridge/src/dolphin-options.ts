import { type Clock, type Logger, silentLogger, systemClock } from '@causeway/bridge';
import type { LinkedDeviceTimes } from '@causeway/bridge/device';
import type { DolphinSource } from './access/dolphin-source.js';
import type { LinuxWay } from './linux/linux-source.js';

/** Times in milliseconds. */
export interface DolphinTimes {
  /** How long opening waits for a game that is just starting. */
  readonly startMs: number;
  /** How often is looked whether the game is still there while nobody asks for anything. */
  readonly watchMs: number;
}

export interface DolphinOptions {
  /**
   * How memory is reached on Linux. `auto` (default) begins without native code and maps memory once it is used a lot; `view` maps
   * at once; `descriptor` never does.
   */
  readonly way?: LinuxWay;
  /** Where `DME_DOLPHIN_PROCESS_NAME` is taken from: the only process name to look at, as players have set it for other tools. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What finds Dolphins; default: what fits this operating system. */
  readonly source?: DolphinSource;
  readonly clock?: Clock;
  readonly times?: Partial<DolphinTimes>;
  readonly deviceTimes?: Partial<LinkedDeviceTimes>;
  /** For devices that are opened without one of their own. */
  readonly logger?: Logger;
}

export interface DolphinConfig {
  readonly source: () => Promise<DolphinSource>;
  readonly clock: Clock;
  readonly times: DolphinTimes;
  readonly deviceTimes: Partial<LinkedDeviceTimes>;
  readonly logger: Logger;
}

const TIMES: DolphinTimes = {
  // A game says its id 0.15 s after its memory appears; what never says one (bare programs, titles from the NAND) is taken after this.
  startMs: 1500,
  // Two to four microseconds each. On Windows a game that stopped and started between two looks would be missed.
  watchMs: 100,
};

/** Options with every default filled in. */
export const configure = (options: DolphinOptions, platformSource: () => Promise<DolphinSource>): DolphinConfig => {
  const { source, clock = systemClock, times, deviceTimes = {}, logger = silentLogger } = options;
  return {
    source: source ? async () => source : platformSource,
    clock,
    times: { ...TIMES, ...times },
    deviceTimes,
    logger,
  };
};
