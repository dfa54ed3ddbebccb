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
export const GAME = 'Marshlight';

/** How many Sparks light the light. */
export const SPARKS_NEEDED = 5;

/** A chest. */
export type LocationFact = StageChest;

export const ITEMS: readonly ItemFact[] = itemFacts(710_000, [
  ['Stilts', ADVANCEMENT, 1],
  ['Punt', ADVANCEMENT, 1],
  ['Key', ADVANCEMENT, 1],
  ['Spark', ADVANCEMENT, 6],
  ['Cloak', USEFUL, 1],
  ['Flute', USEFUL, 1],
  ['Reed', 0, 7],
  ['Berry', 0, 4],
  ['Leech Trap', TRAP, 2],
]);

/** The stages by their numbers, the item that opens each (its code is the stage's number), and their chests. */
export const STAGES: readonly Stage[] = [
  { name: 'Shore', needs: [], chests: ['Landing', 'Willow', 'Nets', 'Hut', 'Oar', 'Stone'] },
  { name: 'Bog', needs: ['Stilts'], chests: ['Tussock', 'Stump', 'Toad', 'Log', 'Mire', 'Island'] },
  { name: 'Mere', needs: ['Punt'], chests: ['Lilies', 'Heron', 'Weir', 'Eel', 'Reeds', 'Deep'] },
  { name: 'Tower', needs: ['Key'], chests: ['Door', 'Cellar', 'Steps', 'Window', 'Ledge', 'Lantern Room'] },
];

export const LOCATIONS: readonly LocationFact[] = stageChests(720_001, STAGES);

/** The game's part of a data package, without its checksum. */
export const DATA_PACKAGE = dataPackageOf(ITEMS, LOCATIONS);
