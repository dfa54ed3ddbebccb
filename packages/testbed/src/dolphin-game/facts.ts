/** What the game is made of: names and ids, for its module, for rooms that place it and for tests. */
import type { ItemFact } from '../game/facts.js';

/** The game's exact name in a multiworld. */
export const GAME = 'Rillgate';

/** How many Cogs open the gate. */
export const COGS_NEEDED = 5;

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

const ITEM_BASE = 610_000;
const item = (code: number, name: string, flags: number, inPool: number): ItemFact => ({
  id: ITEM_BASE + code,
  name,
  code,
  flags,
  inPool,
});

export const ITEMS: readonly ItemFact[] = [
  item(1, 'Lantern', ADVANCEMENT, 1),
  item(2, 'Ladder', ADVANCEMENT, 1),
  item(3, 'Boat', ADVANCEMENT, 1),
  item(4, 'Cog', ADVANCEMENT, 6),
  item(5, 'Boots', USEFUL, 1),
  item(6, 'Charm', USEFUL, 1),
  item(7, 'Pebble', 0, 7),
  item(8, 'Pear', 0, 4),
  item(9, 'Thorn Trap', TRAP, 2),
];

/** The stages by their numbers, what one needs to get there, and their chests. */
export const STAGES: readonly {
  readonly name: string;
  readonly needs: readonly string[];
  readonly chests: readonly string[];
}[] = [
  { name: 'Field', needs: [], chests: ['Stile', 'Scarecrow', 'Furrow', 'Well', 'Barn', 'Hedge'] },
  { name: 'Cave', needs: ['Lantern'], chests: ['Mouth', 'Drip', 'Bats', 'Crack', 'Pool', 'Deep End'] },
  { name: 'Tower', needs: ['Ladder'], chests: ['Cellar', 'Stairs', 'Bell', 'Nest', 'Clockwork', 'Roof'] },
  { name: 'Sea', needs: ['Boat'], chests: ['Jetty', 'Rock', 'Wreck', 'Sandbar', 'Buoy', 'Horizon'] },
];

const LOCATION_BASE = 620_001;

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
