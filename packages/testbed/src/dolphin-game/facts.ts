/** What the game is made of: names and ids, for its module, for rooms that place it and for tests. */
import {
  ADVANCEMENT,
  dataPackageOf,
  type ItemFact,
  itemFacts,
  type Stage,
  type StageChest,
  stageChests,
  TRAP,
  USEFUL,
} from '../game/game-facts.js';

/** The game's exact name in a multiworld. */
export const GAME = 'Rillgate';

/** How many Cogs open the gate. */
export const COGS_NEEDED = 5;

/** A chest. */
export type LocationFact = StageChest;

export const ITEMS: readonly ItemFact[] = itemFacts(610_000, [
  ['Lantern', ADVANCEMENT, 1],
  ['Ladder', ADVANCEMENT, 1],
  ['Boat', ADVANCEMENT, 1],
  ['Cog', ADVANCEMENT, 6],
  ['Boots', USEFUL, 1],
  ['Charm', USEFUL, 1],
  ['Pebble', 0, 7],
  ['Pear', 0, 4],
  ['Thorn Trap', TRAP, 2],
]);

/** The stages by their numbers, what one needs to get there, and their chests. */
export const STAGES: readonly Stage[] = [
  { name: 'Field', needs: [], chests: ['Stile', 'Scarecrow', 'Furrow', 'Well', 'Barn', 'Hedge'] },
  { name: 'Cave', needs: ['Lantern'], chests: ['Mouth', 'Drip', 'Bats', 'Crack', 'Pool', 'Deep End'] },
  { name: 'Tower', needs: ['Ladder'], chests: ['Cellar', 'Stairs', 'Bell', 'Nest', 'Clockwork', 'Roof'] },
  { name: 'Sea', needs: ['Boat'], chests: ['Jetty', 'Rock', 'Wreck', 'Sandbar', 'Buoy', 'Horizon'] },
];

export const LOCATIONS: readonly LocationFact[] = stageChests(620_001, STAGES);

/** The game's part of a data package, without its checksum. */
export const DATA_PACKAGE = dataPackageOf(ITEMS, LOCATIONS);
