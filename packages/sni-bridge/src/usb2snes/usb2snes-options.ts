import { type Clock, type Logger, silentLogger, systemClock } from '@causeway/bridge';
import type { LinkedDeviceTimes } from '@causeway/bridge/device';
import { USB2SNES_PORT } from '@causeway/protocol/usb2snes';
import type { MessageSocketFactory } from './message-socket.js';
import { wsMessageSocket } from './ws-message-socket.js';

/** Times in milliseconds. */
export interface Usb2SnesTimes {
  /** For finding out what a server has. */
  readonly detectMs: number;
  /** For opening a console. Servers look for devices, and at the ROM, when asked. */
  readonly openMs: number;
  /** Between two lists, when the wanted console was not in the first. */
  readonly listAgainMs: number;
  /** How often is looked whether the ROM is still the same, where that is not part of every read. */
  readonly identityMs: number;
  /** How long a closed connection may take to say goodbye. */
  readonly closeGraceMs: number;
}

export interface Usb2SnesOptions {
  /** Where a server is looked for when no target says otherwise. Default: loopback. */
  readonly host?: string;
  /** Ports looked at, default 23074. Old servers had 8080, as web servers do. */
  readonly ports?: readonly number[];
  readonly clock?: Clock;
  readonly times?: Partial<Usb2SnesTimes>;
  readonly deviceTimes?: Partial<LinkedDeviceTimes>;
  /** What the server shows its user. Default: `Causeway`. */
  readonly clientName?: string;
  /** Questions on their way at once. Default 16: an aborted batch leaves no more behind. */
  readonly window?: number;
  readonly socketFactory?: MessageSocketFactory;
  /** For devices that are opened without one of their own. */
  readonly logger?: Logger;
}

export interface Usb2SnesConfig {
  readonly host: string;
  readonly ports: readonly number[];
  readonly clock: Clock;
  readonly times: Usb2SnesTimes;
  readonly deviceTimes: Partial<LinkedDeviceTimes>;
  readonly clientName: string;
  readonly window: number;
  readonly socketFactory: MessageSocketFactory;
  readonly logger: Logger;
}

const TIMES: Usb2SnesTimes = {
  // QUsb2Snes needs half a second for its list (`docs/specs/usb2snes.md`, section 2).
  detectMs: 900,
  openMs: 10_000,
  listAgainMs: 300,
  identityMs: 1000,
  closeGraceMs: 250,
};

/** Options with every default filled in. */
export const configure = (options: Usb2SnesOptions): Usb2SnesConfig => ({
  host: options.host ?? '127.0.0.1',
  ports: options.ports ?? [USB2SNES_PORT],
  clock: options.clock ?? systemClock,
  times: { ...TIMES, ...options.times },
  deviceTimes: options.deviceTimes ?? {},
  clientName: options.clientName ?? 'Causeway',
  window: options.window ?? 16,
  socketFactory: options.socketFactory ?? wsMessageSocket,
  logger: options.logger ?? silentLogger,
});
