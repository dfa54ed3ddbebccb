import { Tag } from '@causeway/protocol/archipelago';
import type { MultiworldClient } from '../multiworld/client-contract.js';
import { keptOnDisk } from '../multiworld/kept-on-disk.js';
import { openMultiworld } from '../multiworld/open-multiworld.js';
import type { MultiworldOptions } from '../multiworld/options.js';
import type { LoginRequest } from './contract.js';

/** What a game says for itself; everything else about a login is the caller's. */
type FromGame = 'game' | 'itemsHandling' | 'tags' | 'expectSeed' | 'onEvent';

export type JoinGameOptions = Omit<MultiworldOptions, FromGame>;

/**
 * Logs a recognised game in the way it wants to be. Data packages and the id of this machine are kept in the cache folder of
 * this system, or in `CAUSEWAY_CACHE_DIR`, unless both are given.
 */
export const joinGame = ({ identity, game, onEvent }: LoginRequest, options: JoinGameOptions): MultiworldClient =>
  openMultiworld({
    ...(options.dataPackages && options.uuid !== undefined ? {} : keptOnDisk(options.logger)),
    ...options,
    game,
    itemsHandling: identity.itemsHandling,
    tags: [...new Set([Tag.reference, ...(identity.tags ?? [])])],
    expectSeed: identity.seed,
    onEvent,
  });
