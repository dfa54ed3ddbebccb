/** What the game is made of: names and ids, for its module, for rooms that place it and for tests. */

/** The game's exact name in a multiworld. */
export const GAME = 'Emberwalk';

/** How many Embers light the beacon. */
export const EMBERS_NEEDED = 6;

/** Item flags as the multiworld protocol counts them. */
const ADVANCEMENT = 1;
const USEFUL = 2;
const TRAP = 4;

/** Something that can be received. */
export interface ItemFact {
  readonly id: number;
  readonly name: string;
  /** The byte that stands for it in the game's mailbox and bag. */
  readonly code: number;
  /** Bits: 1 advancement, 2 useful, 4 trap. */
  readonly flags: number;
  /** How many of it one world of this game puts into the pool; all of them together fill its chests. */
  readonly inPool: number;
}

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

const ITEM_BASE = 310_000;
const item = (code: number, name: string, flags: number, inPool: number): ItemFact => ({
  id: ITEM_BASE + code,
  name,
  code,
  flags,
  inPool,
});

export const ITEMS: readonly ItemFact[] = [
  item(1, 'Brass Key', ADVANCEMENT, 1),
  item(2, 'Waders', ADVANCEMENT, 1),
  item(3, 'Axe', ADVANCEMENT, 1),
  item(4, 'Ember', ADVANCEMENT, 8),
  item(5, 'Feather', USEFUL, 1),
  item(6, 'Ward', USEFUL, 1),
  item(7, 'Coin', 0, 6),
  item(8, 'Apple', 0, 3),
  item(9, 'Snail Trap', TRAP, 2),
];

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
export const DATA_PACKAGE: {
  readonly item_name_to_id: Readonly<Record<string, number>>;
  readonly location_name_to_id: Readonly<Record<string, number>>;
} = {
  item_name_to_id: Object.fromEntries(ITEMS.map(({ name, id }) => [name, id])),
  location_name_to_id: Object.fromEntries(LOCATIONS.map(({ name, id }) => [name, id])),
};
