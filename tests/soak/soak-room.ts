import { readRoom } from '@causeway/testbed/server';

export const SLOTS = 100;
export const PLACES_PER_SLOT = 60;
const GAME = 'Long Walk';
const FIRST_PLACE = 1_000;

export const nameOf = (slot: number): string => `Walker ${slot}`;
export const game = GAME;
export const places: readonly number[] = Array.from({ length: PLACES_PER_SLOT }, (_, index) => FIRST_PLACE + index);

/** Everybody has something of everybody: each place of a slot holds an item for another one, some for itself. */
export const soakRoom = () => {
  const slots = Array.from({ length: SLOTS }, (_, index) => index + 1);
  const receiver = (slot: number, place: number): number => ((slot + place * 7) % SLOTS) + 1;
  return readRoom(
    JSON.stringify({
      seed: 'soak',
      // Nothing is checked but what a player checks.
      options: { releaseMode: 'disabled', collectMode: 'disabled', hintCost: 5 },
      games: {
        [GAME]: {
          items: { Stone: 1, Rope: { id: 2, kind: 'progression' } },
          locations: Object.fromEntries(places.map((id) => [`Place ${id}`, id])),
        },
      },
      slots: slots.map((slot) => ({
        name: nameOf(slot),
        game: GAME,
        locations: Object.fromEntries(
          places.map((id, place) => [
            `Place ${id}`,
            { item: place % 3 === 0 ? 'Rope' : 'Stone', for: nameOf(receiver(slot, place)) },
          ]),
        ),
      })),
    }),
  );
};
