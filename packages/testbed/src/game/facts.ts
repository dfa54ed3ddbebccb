/** What the game is made of: names and ids, for its module, for rooms that place it and for tests. */

import { ADVANCEMENT, dataPackageOf, type ItemFact, itemFacts, TRAP, USEFUL } from './game-facts.js';

/** The game's exact name in a multiworld. */
export const GAME = 'Emberwalk';

/** How many Embers light the beacon. */
export const EMBERS_NEEDED = 6;

/** A chest. */
export interface LocationFact {
  readonly id: number;
  readonly name: string;
  /** Number of its flag, counted from the lowest bit of the first byte. */
  readonly flag: number;
  /** Index into {@link ROOMS}. */
  readonly room: number;
  /** Names of the items without which nobody gets there. */
  readonly needs: readonly string[];
}

export const ITEMS: readonly ItemFact[] = itemFacts(310_000, [
  ['Brass Key', ADVANCEMENT, 1],
  ['Waders', ADVANCEMENT, 1],
  ['Axe', ADVANCEMENT, 1],
  ['Ember', ADVANCEMENT, 8],
  ['Feather', USEFUL, 1],
  ['Ward', USEFUL, 1],
  ['Coin', 0, 6],
  ['Apple', 0, 3],
  ['Snail Trap', TRAP, 2],
]);

/**
 * The world, three by three, west to east and north to south. The walk begins in the Meadow; the Crossroads lie open
 * south of it, everything else behind brambles (Axe), water (Waders) or a locked door (Brass Key).
 */
export const ROOMS: readonly string[] = [
  'Thornwood',
  'Meadow',
  'Lakeside',
  'Ruins',
  'Crossroads',
  'Marsh',
  'Crypt',
  'Beacon Hill',
  'Isle',
];

const CHESTS: readonly {
  readonly room: number;
  readonly names: readonly string[];
  readonly needs: readonly string[];
}[] = [
  { room: 0, names: ['West Glade', 'Old Stump', 'Hollow'], needs: ['Axe'] },
  { room: 1, names: ['North Corner', 'By the Pond', 'Orchard', 'South Gate'], needs: [] },
  { room: 2, names: ['Pier', 'Reeds', 'Far Shore'], needs: ['Waders'] },
  { room: 3, names: ['Broken Hall', 'Column', 'Cellar'], needs: ['Axe'] },
  { room: 4, names: ['Signpost', 'Hedge', 'Camp'], needs: [] },
  { room: 5, names: ['Sunken Log', 'Fireflies', 'Mud Bank'], needs: ['Waders'] },
  { room: 6, names: ['Left Tomb', 'Right Tomb'], needs: ['Brass Key', 'Axe'] },
  { room: 7, names: ['Foot of the Beacon'], needs: ['Brass Key'] },
  { room: 8, names: ['Wreck', 'Palm'], needs: ['Brass Key', 'Waders'] },
];

const LOCATION_BASE = 320_001;

export const LOCATIONS: readonly LocationFact[] = CHESTS.flatMap(({ room, names, needs }) =>
  names.map((name) => ({ room, name: `${ROOMS[room] ?? ''}: ${name}`, needs })),
).map((chest, flag) => ({ ...chest, flag, id: LOCATION_BASE + flag }));

/** The game's part of a data package, without its checksum. */
export const DATA_PACKAGE = dataPackageOf(ITEMS, LOCATIONS);
