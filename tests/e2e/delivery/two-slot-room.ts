import { DATA_PACKAGE, GAME, LOCATIONS } from '@causeway/testbed/game';
import { type RoomDefinition, readRoom } from '@causeway/testbed/server';

/**
 * A room of two Emberwalk slots whose chests hold the other's Coins, so that a slot receives exactly what a test sends it as
 * long as the other one does not play.
 */
export const twoSlotRoom = (seed: string): RoomDefinition => {
  const slot = (name: string, other: string) => ({
    name,
    game: GAME,
    locations: Object.fromEntries(LOCATIONS.map((location) => [location.name, { item: 'Coin', for: other }])),
  });
  return readRoom(
    JSON.stringify({
      seed,
      games: { [GAME]: { items: DATA_PACKAGE.item_name_to_id, locations: DATA_PACKAGE.location_name_to_id } },
      slots: [slot('Ana', 'Ben'), slot('Ben', 'Ana')],
    }),
  );
};
