import { flaggedLocations, type GameModule } from '@causeway/bridge/game';

/** Name of the game in rooms, and the id of the location of flag 0. */
export const BENCH_GAME = 'Bench';
export const FIRST_LOCATION = 1000;

/** A module that does nothing but look at flags, so that what is measured is the way and not the game. */
export const benchModule = (offset: number, count: number): GameModule<null> => {
  const locations = new Map(Array.from({ length: count }, (_, flag) => [flag, FIRST_LOCATION + flag]));
  return {
    id: 'bench',
    game: BENCH_GAME,
    systems: ['NES'],
    probe: { ident: { domain: 'PRG ROM', offset: 0, size: 16 } },
    identify: () => ({ match: 'yes', identity: { title: BENCH_GAME, itemsHandling: 7 } }),
    start: () => null,
    plan: () => ({ regions: { flags: { domain: 'WRAM', offset, size: Math.ceil(count / 8) } } }),
    step: ({ snapshot }) => ({
      state: null,
      playing: true,
      effects: [{ kind: 'check', locations: flaggedLocations(snapshot['flags'] ?? new Uint8Array(), locations) }],
    }),
  };
};
