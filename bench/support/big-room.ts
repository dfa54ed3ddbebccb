import { between, seededRandom } from '@causeway/bridge/testing';

/** How many games and slots a large public room has. */
export const GAMES = 77;
/** All names of all games come to about 3.5 MB of JSON, as those of a recorded room of 77 games do. */
const NAMES = 97_000;
const PLACED = 200;
export const FLOOD = 10_000;

const WORDS = [
  ...['Ancient', 'Broken', 'Crystal', 'Deep', 'Eastern', 'Forgotten', 'Golden', 'Hidden', 'Iron', 'Lower', 'Misty'],
  ...['Northern', 'Old', 'Royal', 'Sunken', 'Upper', 'Bridge', 'Cavern', 'Chest', 'Door', 'Forest', 'Gate', 'Hall'],
  ...['Key', 'Lantern', 'Mine', 'Pass', 'Quarry', 'River', 'Shrine', 'Temple', 'Tower', 'Vault', 'Well'],
];

type Table = Readonly<Record<string, number>>;

const tableOf = (random: () => number, size: number, base: number): Table => {
  const word = (): string => WORDS[between(random, 0, WORDS.length - 1)] ?? '';
  return Object.fromEntries(
    Array.from({ length: size }, (_, index) => [`${word()} ${word()} - ${word()} ${index + 1}`, base + index]),
  );
};

/** Few games are huge and many are small. */
const sizesOf = (random: () => number): readonly number[] => {
  const weights = Array.from({ length: GAMES }, () => Math.exp(2 * random()));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => Math.max(PLACED * 2, Math.round((NAMES * weight) / total)));
};

/**
 * A room with a slot for each of 77 games, as a room file. The last slot is given 10,000 items at its start.
 *
 * The same seed makes the same room.
 */
export const bigRoom = (seed: number): string => {
  const random = seededRandom(seed);
  const games = sizesOf(random).map((size, index) => {
    const items = tableOf(random, Math.round(size * 0.4), 1_000_000 * (index + 1));
    const locations = tableOf(random, Math.round(size * 0.6), 1_000_000 * (index + 1) + 500_000);
    return { name: `Game ${index + 1}`, items, locations };
  });
  const slots = games.map(({ name, items, locations }, index) => {
    const found = Object.keys(items);
    return {
      name: `Player${index + 1}`,
      game: name,
      locations: Object.fromEntries(
        Object.keys(locations)
          .slice(0, PLACED)
          .map((location, place) => [location, found[place % found.length]]),
      ),
      startItems: index + 1 === GAMES ? Array.from({ length: FLOOD }, (_, item) => found[item % found.length]) : [],
    };
  });
  return JSON.stringify({
    seed: `bench-${seed}`,
    games: Object.fromEntries(games.map(({ name, items, locations }) => [name, { items, locations }])),
    slots,
  });
};
