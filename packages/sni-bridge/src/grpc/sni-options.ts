import { type Clock, type Logger, silentLogger, systemClock } from '@causeway/bridge';
import type { LinkedDeviceTimes } from '@causeway/bridge/device';
import { SNI_MIN_DEADLINE_MS, SNI_PORT } from '@causeway/protocol/sni';
import type { Endpoint } from '../endpoint.js';

/** Times in milliseconds. */
export interface SniGrpcTimes {
  /** For finding out what SNI has. */
  readonly detectMs: number;
  /** For opening a console. */
  readonly openMs: number;
  /** Between two lists, when the wanted console was not in the first. */
  readonly listAgainMs: number;
  /** How often is asked whether the game runs and is still the same. */
  readonly identityMs: number;
  /**
   * Deadline of a call. At least a second: SNI closes a console for all its clients when a caller's deadline runs out. The
   * default is longer than SNI's own longest.
   */
  readonly callMs: number;
}

export interface SniGrpcOptions {
  /** Where SNI is looked for when no target says otherwise. Default: loopback, port 8191. */
  readonly endpoints?: readonly Endpoint[];
  readonly clock?: Clock;
  readonly times?: Partial<SniGrpcTimes>;
  readonly deviceTimes?: Partial<LinkedDeviceTimes>;
  /** For devices that are opened without one of their own. */
  readonly logger?: Logger;
}

export interface SniGrpcConfig {
  readonly endpoints: readonly Endpoint[];
  readonly clock: Clock;
  readonly times: SniGrpcTimes;
  readonly deviceTimes: Partial<LinkedDeviceTimes>;
  readonly logger: Logger;
}

const TIMES: SniGrpcTimes = {
  detectMs: 900,
  openMs: 10_000,
  listAgainMs: 300,
  identityMs: 1_000,
  callMs: 20_000,
};

/** Options with every default filled in. */
export const configureSniGrpc = (options: SniGrpcOptions): SniGrpcConfig => {
  const times = { ...TIMES, ...options.times };
  return {
    endpoints: options.endpoints ?? [{ host: '127.0.0.1', port: SNI_PORT }],
    clock: options.clock ?? systemClock,
    times: { ...times, callMs: Math.max(times.callMs, SNI_MIN_DEADLINE_MS) },
    deviceTimes: options.deviceTimes ?? {},
    logger: options.logger ?? silentLogger,
  };
};
