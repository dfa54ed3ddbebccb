import { GAME, ITEMS, LOCATIONS } from '@causeway/testbed/game';
import { type RoomDefinition, readRoom } from '@causeway/testbed/server';

const KINDS: Readonly<Record<number, string>> = { 0: 'filler', 1: 'progression', 2: 'useful', 4: 'trap' };

const coinFor = (player: string) =>
  Object.fromEntries(LOCATIONS.map(({ name }) => [name, { item: 'Coin', for: player }]));

/** Two walkers who find nothing but coins for each other. */
export const coinRoom = (): RoomDefinition =>
  readRoom(
    JSON.stringify({
      seed: 'COINS',
      games: {
        [GAME]: {
          items: Object.fromEntries(ITEMS.map(({ name, id, flags }) => [name, { id, kind: KINDS[flags] }])),
          locations: Object.fromEntries(LOCATIONS.map(({ name, id }) => [name, { id }])),
        },
      },
      slots: [
        { name: 'Ana', game: GAME, locations: coinFor('Ben') },
        { name: 'Ben', game: GAME, locations: coinFor('Ana') },
      ],
    }),
  );
