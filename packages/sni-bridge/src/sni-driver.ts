import type { Clock, Logger } from '@causeway/bridge';
import type { Driver } from '@causeway/bridge/device';
import { createCompositeDriver } from './composite-driver.js';
import { addressesFrom } from './environment-addresses.js';
import { createSniGrpcDriver } from './grpc/sni-grpc-driver.js';
import type { SniGrpcOptions } from './grpc/sni-options.js';
import { createNwaDriver } from './nwa/nwa-driver.js';
import type { NwaOptions } from './nwa/nwa-options.js';
import { createRetroArchDriver } from './retroarch/retroarch-driver.js';
import type { RetroArchOptions } from './retroarch/retroarch-options.js';
import { createUsb2SnesDriver } from './usb2snes/usb2snes-driver.js';
import type { Usb2SnesOptions } from './usb2snes/usb2snes-options.js';

export interface SniDriverOptions {
  readonly retroarch?: RetroArchOptions;
  readonly usb2snes?: Usb2SnesOptions;
  readonly grpc?: SniGrpcOptions;
  readonly nwa?: NwaOptions;
  /** Where addresses are taken from that are not given above; pass `process.env`. Default: nothing. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  /** For devices that are opened without one of their own. */
  readonly logger?: Logger;
}

/**
 * Reaches SNES games by whatever serves them, in this order: RetroArch with nothing in between, a usb2snes server (SNI,
 * QUsb2Snes), SNI's gRPC services, an NWA emulator. One console is listed once, however many ways lead to it.
 *
 * Targets: `retroarch://`, `usb2snes://`, `sni://` and `nwa://`, as `detect` lists them; without one, the only usable
 * console there is.
 *
 * @throws `usage` when an address in `env` makes no sense
 */
export const createSniDriver = (options: SniDriverOptions = {}): Driver => {
  const { clock, logger, env = {} } = options;
  const common = { ...(clock ? { clock } : {}), ...(logger ? { logger } : {}) };
  const { retroarch, usb2snesPorts, grpc, nwa } = addressesFrom(env);
  return createCompositeDriver({
    ...common,
    drivers: [
      createRetroArchDriver({ ...common, ...(retroarch ? { endpoints: retroarch } : {}), ...options.retroarch }),
      createUsb2SnesDriver({ ...common, ...(usb2snesPorts ? { ports: usb2snesPorts } : {}), ...options.usb2snes }),
      createSniGrpcDriver({ ...common, ...(grpc ? { endpoints: grpc } : {}), ...options.grpc }),
      createNwaDriver({ ...common, ...(nwa ? { endpoints: nwa } : {}), ...options.nwa }),
    ],
  });
};
