/** What the game is made of: names and ids, for its module, for rooms that place it and for tests. */
import type { ItemFact } from '../game/facts.js';

/** The game's exact name in a multiworld. */
export const GAME = 'Marshlight';

/** How many Sparks light the light. */
export const SPARKS_NEEDED = 5;

/** A chest. */
export interface LocationFact {
  readonly id: number;
  readonly name: string;
  /** Number of its flag: eight per stage, counted from the lowest bit. */
  readonly flag: number;
  /** Names of the items without which nobody gets there. */
  readonly needs: readonly string[];
}

/** Item flags as the multiworld protocol counts them. */
const ADVANCEMENT = 1;
const USEFUL = 2;
const TRAP = 4;

const ITEM_BASE = 710_000;
const item = (code: number, name: string, flags: number, inPool: number): ItemFact => ({
  id: ITEM_BASE + code,
  name,
  code,
  flags,
  inPool,
});

export const ITEMS: readonly ItemFact[] = [
  item(1, 'Stilts', ADVANCEMENT, 1),
  item(2, 'Punt', ADVANCEMENT, 1),
  item(3, 'Key', ADVANCEMENT, 1),
  item(4, 'Spark', ADVANCEMENT, 6),
  item(5, 'Cloak', USEFUL, 1),
  item(6, 'Flute', USEFUL, 1),
  item(7, 'Reed', 0, 7),
  item(8, 'Berry', 0, 4),
  item(9, 'Leech Trap', TRAP, 2),
];

/** The stages by their numbers, the item that opens each (its code is the stage's number), and their chests. */
export const STAGES: readonly {
  readonly name: string;
  readonly needs: readonly string[];
  readonly chests: readonly string[];
}[] = [
  { name: 'Shore', needs: [], chests: ['Landing', 'Willow', 'Nets', 'Hut', 'Oar', 'Stone'] },
  { name: 'Bog', needs: ['Stilts'], chests: ['Tussock', 'Stump', 'Toad', 'Log', 'Mire', 'Island'] },
  { name: 'Mere', needs: ['Punt'], chests: ['Lilies', 'Heron', 'Weir', 'Eel', 'Reeds', 'Deep'] },
  { name: 'Tower', needs: ['Key'], chests: ['Door', 'Cellar', 'Steps', 'Window', 'Ledge', 'Lantern Room'] },
];

const LOCATION_BASE = 720_001;

export const LOCATIONS: readonly LocationFact[] = STAGES.flatMap(({ name, needs, chests }, stage) =>
  chests.map((chest, bit) => {
    const flag = stage * 8 + bit;
    return { id: LOCATION_BASE + flag, name: `${name}: ${chest}`, flag, needs };
  }),
);

/** The game's part of a data package, without its checksum. */
export const DATA_PACKAGE: {
  readonly item_name_to_id: Readonly<Record<string, number>>;
  readonly location_name_to_id: Readonly<Record<string, number>>;
} = {
  item_name_to_id: Object.fromEntries(ITEMS.map(({ name, id }) => [name, id])),
  location_name_to_id: Object.fromEntries(LOCATIONS.map(({ name, id }) => [name, id])),
};
