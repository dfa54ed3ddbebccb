import { type Clock, type Logger, silentLogger, systemClock } from '@causeway/bridge';
import type { LinkedDeviceTimes } from '@causeway/bridge/device';
import { NWA_PORT, NWA_PORT_COUNT } from '@causeway/protocol/nwa';
import type { Endpoint } from '../endpoint.js';
import type { ByteSocketFactory } from './byte-socket.js';
import { tcpByteSocket } from './tcp-byte-socket.js';

/** Times in milliseconds. */
export interface NwaTimes {
  /** For finding out what listens, all places together. */
  readonly detectMs: number;
  /** For opening one named emulator. */
  readonly openMs: number;
}

export interface NwaOptions {
  /** Where emulators are looked for. Default: loopback, port 48879 and the nine after it. */
  readonly endpoints?: readonly Endpoint[];
  readonly clock?: Clock;
  readonly times?: Partial<NwaTimes>;
  readonly deviceTimes?: Partial<LinkedDeviceTimes>;
  /** What the emulator may show its user. Default: `Causeway`. */
  readonly clientName?: string;
  readonly socketFactory?: ByteSocketFactory;
  /** For devices that are opened without one of their own. */
  readonly logger?: Logger;
}

export interface NwaConfig {
  readonly endpoints: readonly Endpoint[];
  readonly clock: Clock;
  readonly times: NwaTimes;
  readonly deviceTimes: Partial<LinkedDeviceTimes>;
  readonly clientName: string;
  readonly socketFactory: ByteSocketFactory;
  readonly logger: Logger;
}

const TIMES: NwaTimes = { detectMs: 800, openMs: 5_000 };

/** The ports from `first` on that emulators take one after the other. */
export const nwaEndpoints = (host = '127.0.0.1', first: number = NWA_PORT): readonly Endpoint[] =>
  Array.from({ length: NWA_PORT_COUNT }, (_, index) => ({ host, port: first + index })).filter(
    ({ port }) => port <= 65_535,
  );

/** Options with every default filled in. */
export const configureNwa = (options: NwaOptions): NwaConfig => ({
  endpoints: options.endpoints ?? nwaEndpoints(),
  clock: options.clock ?? systemClock,
  times: { ...TIMES, ...options.times },
  deviceTimes: options.deviceTimes ?? {},
  clientName: options.clientName ?? 'Causeway',
  socketFactory: options.socketFactory ?? tcpByteSocket,
  logger: options.logger ?? silentLogger,
});
