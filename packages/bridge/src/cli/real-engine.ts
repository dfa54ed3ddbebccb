import { Tag } from '@causeway/protocol/archipelago';
import { keptOnDisk } from '../multiworld/kept-on-disk.js';
import { openMultiworld } from '../multiworld/open-multiworld.js';
import { createSession } from '../session/create-session.js';
import type { Engine } from './engine.js';

/** Our session and our multiworld client. */
export const realEngine: Engine = {
  createSession,
  openMultiworld: ({ server, slot, password, request, clock, logger, timeoutMs }) => {
    const { identity, game, onEvent } = request;
    return openMultiworld({
      ...keptOnDisk(logger),
      address: server,
      slotName: slot,
      game,
      password,
      itemsHandling: identity.itemsHandling,
      tags: [...new Set([Tag.reference, ...(identity.tags ?? [])])],
      expectSeed: identity.seed,
      onEvent,
      clock,
      logger,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  },
};
