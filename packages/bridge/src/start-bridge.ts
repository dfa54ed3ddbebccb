import { CausewayError } from '@causeway/protocol/errors';
import type { Driver } from './device/contract.js';
import type { Session, SessionOptions } from './session/contract.js';
import { createSession } from './session/create-session.js';
import { type JoinGameOptions, joinGame } from './session/join-game.js';

export interface BridgeOptions
  extends Omit<SessionOptions, 'openDevice' | 'openMultiworld'>,
    Omit<JoinGameOptions, 'address' | 'slotName' | 'clock' | 'logger'> {
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
export const startBridge = ({ driver, device, server, slot, ...options }: BridgeOptions): Session =>
  createSession({
    ...options,
    openDevice: (open) => driver.open(device, open),
    openMultiworld: (login) => {
      const slotName = slot ?? login.identity.slotName;
      if (slotName === undefined) {
        throw new CausewayError('slot_unknown', `${login.identity.title} does not say as which slot to log in.`);
      }
      return joinGame(login, { ...options, address: server, slotName });
    },
  });
