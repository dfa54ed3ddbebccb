import { CausewayError } from '@causeway/protocol/errors';
import type { Driver } from './device/contract.js';
import { keptOnDisk } from './multiworld/kept-on-disk.js';
import { openMultiworld } from './multiworld/open-multiworld.js';
import type { MultiworldOptions } from './multiworld/options.js';
import type { Session, SessionOptions } from './session/contract.js';
import { createSession } from './session/create-session.js';

export interface BridgeOptions
  extends Omit<SessionOptions, 'openDevice' | 'openMultiworld'>,
    Pick<MultiworldOptions, 'password' | 'dataPackages' | 'random' | 'uuid'> {
  /** Reaches the emulator: `createBizHawkDriver()`, … */
  readonly driver: Driver;
  /** Which one, by its URI; without it the only one there is. */
  readonly device?: string;
  /** `HOST:PORT`, `ws://…`, `wss://…` or `archipelago://…`. */
  readonly server: string;
  /** The slot to log in as; without it the one the ROM names. */
  readonly slot?: string;
}

/**
 * Device, game and multiworld joined, in one call: what a launcher needs.
 *
 * Data packages and the id of this machine are kept in the cache folder of this system, or in `CAUSEWAY_CACHE_DIR`, unless both
 * are given.
 *
 * Ends with `slot_unknown` when neither the ROM nor `slot` says whom to log in as.
 */
export const startBridge = (options: BridgeOptions): Session => {
  const { driver, device, server, slot, password, dataPackages, random, uuid, ...session } = options;
  const { clock, logger } = session;
  return createSession({
    ...session,
    openDevice: (open) => driver.open(device, open),
    openMultiworld: ({ identity, game, onEvent }) => {
      const slotName = slot ?? identity.slotName;
      if (slotName === undefined) {
        throw new CausewayError('slot_unknown', `${identity.title} does not say as which slot to log in.`);
      }
      return openMultiworld({
        ...(dataPackages && uuid !== undefined ? {} : keptOnDisk(logger)),
        address: server,
        slotName,
        game,
        itemsHandling: identity.itemsHandling,
        expectSeed: identity.seed,
        onEvent,
        ...(identity.tags ? { tags: identity.tags } : {}),
        ...(password === undefined ? {} : { password }),
        ...(dataPackages ? { dataPackages } : {}),
        ...(random ? { random } : {}),
        ...(uuid === undefined ? {} : { uuid }),
        ...(clock ? { clock } : {}),
        ...(logger ? { logger } : {}),
      });
    },
  });
};
