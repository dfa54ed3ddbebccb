/** Where the simulated game keeps things. Offsets in `RAM`; the block is what it saves to battery RAM (`WRAM`). */
export const MODE = { at: 0, playing: 1, booting: 0 } as const;
export const BLOCK = { at: 16, size: 160 } as const;
export const RAM_SIZE = 192;
export const WRAM_SIZE = 1 + BLOCK.size;
/** First byte of a battery RAM that holds a save. */
export const SAVE_MAGIC = 0x5a;

export const CELLS = {
  counter: { domain: 'RAM', offset: 16, size: 2 },
  written: { domain: 'RAM', offset: 18, size: 2 },
} as const;
export const MAILBOX = { domain: 'RAM', offset: 20, size: 2 } as const;
export const SLOTS = { domain: 'RAM', offset: 24, width: 1, count: 4 } as const;
export const FLAGS = { domain: 'RAM', offset: 32, size: 2 } as const;
export const GOAL = { domain: 'RAM', offset: 40, size: 1 } as const;
export const PROGRESS = 41;
export const LOG = { domain: 'RAM', offset: 48, width: 1, capacity: 8 } as const;
/** What the game has taken, in order: how many, then one byte each. The judge of exactly once. */
export const TAKEN = { at: 64, capacity: 63 } as const;
/** Direct effects: how many of each kind there are. Projection: the level of each kind. */
export const INVENTORY = { domain: 'RAM', offset: 128, size: 16 } as const;
/** Direct effects: how many of each kind the player has used up. */
export const USED = 144;
export const ROM_NAME = { domain: 'ROM', offset: 0, size: 8 } as const;

/** The same memory as the module of a bigger game would read it. */
export const ALL_FLAGS = { domain: 'RAM', offset: 32, size: 8 } as const;

/** Chests that the player gets to. */
export const CHESTS = 8;
/** Locations of the slot: most of the game lies beyond what these schedules have time for. */
export const LOCATIONS = 64;
export const LOCATION_BASE = 100;
export const ITEM_BASE = 1000;

/** The byte that stands for an item; never 0. */
export const itemCode = (item: number): number => item - ITEM_BASE;
export const itemKind = (item: number): number => itemCode(item) % INVENTORY.size;
