import { parseServerAddress } from '@causeway/protocol/archipelago';
import { createSession } from '../session/create-session.js';
import { joinGame } from '../session/join-game.js';
import type { Engine } from './engine.js';

/** Our session and our multiworld client. */
export const realEngine: Engine = {
  createSession,
  openMultiworld: ({ server, room, slot, password, request, clock, logger, timeoutMs }) =>
    joinGame(request, {
      address: { ...parseServerAddress(server), ...(room === undefined ? {} : { room }) },
      slotName: slot,
      password,
      clock,
      logger,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    }),
};
