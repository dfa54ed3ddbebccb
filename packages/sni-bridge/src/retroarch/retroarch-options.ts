import { type Clock, type Logger, silentLogger, systemClock } from '@causeway/bridge';
import type { LinkedDeviceTimes, System } from '@causeway/bridge/device';
import { RETROARCH_PORT } from '@causeway/protocol/retroarch';
import type { Endpoint } from '../endpoint.js';
import { type DatagramSocketFactory, udpSocket } from './datagram-socket.js';

/** Times in milliseconds. */
export interface RetroArchTimes {
  /** For finding out what listens, all places together. */
  readonly detectMs: number;
  /** For opening one named RetroArch. */
  readonly openMs: number;
}

export interface RetroArchOptions {
  /** Where RetroArch is looked for. Default: loopback, port 55355. */
  readonly endpoints?: readonly Endpoint[];
  /** Systems whose games are wanted; others are listed as such and not opened. Default: all that are known. */
  readonly systems?: readonly System[];
  readonly clock?: Clock;
  readonly times?: Partial<RetroArchTimes>;
  readonly deviceTimes?: Partial<LinkedDeviceTimes>;
  readonly socketFactory?: DatagramSocketFactory;
  /** For devices that are opened without one of their own. */
  readonly logger?: Logger;
}

export interface RetroArchConfig {
  readonly endpoints: readonly Endpoint[];
  readonly systems: ReadonlySet<System> | undefined;
  readonly clock: Clock;
  readonly times: RetroArchTimes;
  readonly deviceTimes: Partial<LinkedDeviceTimes>;
  readonly socketFactory: DatagramSocketFactory;
  readonly logger: Logger;
}

const TIMES: RetroArchTimes = { detectMs: 600, openMs: 5_000 };

/** Options with every default filled in. */
export const configureRetroArch = (options: RetroArchOptions): RetroArchConfig => ({
  endpoints: options.endpoints ?? [{ host: '127.0.0.1', port: RETROARCH_PORT }],
  systems: options.systems && new Set(options.systems),
  clock: options.clock ?? systemClock,
  times: { ...TIMES, ...options.times },
  deviceTimes: options.deviceTimes ?? {},
  socketFactory: options.socketFactory ?? udpSocket,
  logger: options.logger ?? silentLogger,
});
