import { type Clock, type Logger, silentLogger, systemClock } from '@causeway/bridge';
import { CONNECTOR_PORTS, DEFAULT_MAX_LINE_BYTES } from '@causeway/protocol/connector';
import { CausewayError } from '@causeway/protocol/errors';
import type { LineLimits } from './line-packing.js';
import type { ChannelTimes } from './request-channel.js';

export interface BizHawkTimes extends ChannelTimes {
  /** For finding out what listens on the ports, all of them together. Milliseconds. */
  readonly detectMs: number;
  /** For opening one named connector. Milliseconds. */
  readonly openMs: number;
  /** How long `comm://` waits for an emulator to call. Milliseconds. */
  readonly callMs: number;
}

export interface BizHawkOptions {
  /** Where connectors listen. Default: loopback. */
  readonly host?: string;
  /** Ports looked at, default 43055 to 43060. */
  readonly ports?: readonly number[];
  readonly clock?: Clock;
  readonly times?: Partial<BizHawkTimes>;
  /** Longest answer taken, in bytes. Default 16 MiB. */
  readonly maxLineBytes?: number;
  /** What one line may carry to and from a plain connector; ours takes more. */
  readonly plainLimits?: Partial<LineLimits>;
  readonly causewayLimits?: Partial<LineLimits>;
  /** What an emulator that calls out (`comm://`) must say to be taken: its `CAUSEWAY_TOKEN`. Default: anyone. */
  readonly token?: string;
  /** Where `CAUSEWAY_PORT` (one more port to look at, first) and `CAUSEWAY_TOKEN` are taken from, if not given above. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** For devices that are opened without one of their own. */
  readonly logger?: Logger;
}

export interface BizHawkConfig {
  readonly host: string;
  readonly ports: readonly number[];
  readonly clock: Clock;
  readonly times: BizHawkTimes;
  readonly maxLineBytes: number;
  readonly plainLimits: LineLimits;
  readonly causewayLimits: LineLimits;
  readonly token: string | undefined;
  readonly logger: Logger;
}

const TIMES: BizHawkTimes = {
  // The reference accepts up to half a second late and answers one line per frame.
  detectMs: 900,
  openMs: 5000,
  callMs: 60_000,
  // An overdue answer means paused, not lost, for at least 30 s (connector specification, section 18).
  answerMs: 30_000,
  pausedAfterMs: 1000,
  keepAliveMs: 2000,
  closeGraceMs: 250,
};

/**
 * The reference loses a line that arrives in pieces and needs 40 ms more for an answer over 8 KiB; up to a loopback
 * segment of 64 KiB a line is whole. One read stays at 16 KiB.
 */
const PLAIN: LineLimits = {
  requestBytes: 32 * 1024,
  answerBytes: 60 * 1024,
  itemBytes: 16 * 1024,
  mergeReads: true,
};

/** Our script takes lines of 1 MiB in any number of pieces; what bounds an answer is the time of the frame it is made in. */
const CAUSEWAY: LineLimits = { ...PLAIN, requestBytes: 256 * 1024, answerBytes: 256 * 1024 };

/** Options with every default filled in. */
export const configure = (options: BizHawkOptions): BizHawkConfig => ({
  host: options.host ?? '127.0.0.1',
  ports: options.ports ?? portsOf(options.env?.['CAUSEWAY_PORT']),
  clock: options.clock ?? systemClock,
  times: { ...TIMES, ...options.times },
  maxLineBytes: options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES,
  plainLimits: { ...PLAIN, ...options.plainLimits },
  causewayLimits: { ...CAUSEWAY, ...options.causewayLimits },
  token: options.token ?? (options.env?.['CAUSEWAY_TOKEN'] || undefined),
  logger: options.logger ?? silentLogger,
});

/** A script that was told its port listens on no other. */
const portsOf = (text: string | undefined): readonly number[] => {
  if (!text) return CONNECTOR_PORTS;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return [...new Set([port, ...CONNECTOR_PORTS])];
  throw new CausewayError('usage', `CAUSEWAY_PORT is no port number: ${text}`, { context: { text } });
};
