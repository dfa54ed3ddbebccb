/** Numbers with a meaning, as server 0.6.7 uses them. Flags are combined with `|`. */

/** Bits of an item: what it is good for. 0 is filler. */
export const ItemFlag = { filler: 0, advancement: 1, useful: 2, trap: 4 } as const;

/** Bits of `items_handling`: which items the server sends. `ownWorld` and `startInventory` need `otherWorlds`. */
export const ItemsHandling = { none: 0, otherWorlds: 1, ownWorld: 2, startInventory: 4, all: 7 } as const;

/** State of a slot. 30 is final. */
export const ClientStatus = { unknown: 0, connected: 5, ready: 10, playing: 20, goal: 30 } as const;
export type ClientStatus = (typeof ClientStatus)[keyof typeof ClientStatus];

/** Who may release, collect or ask for the remaining items. */
export const Permission = { disabled: 0, enabled: 1, goal: 2, auto: 6, autoEnabled: 7 } as const;
export type Permission = (typeof Permission)[keyof typeof Permission];

/** What the receiver thinks of a hint. */
export const HintStatus = { unspecified: 0, noPriority: 10, avoid: 20, priority: 30, found: 40 } as const;
export type HintStatus = (typeof HintStatus)[keyof typeof HintStatus];

/** Bits of a slot. Everything but a player counts as finished. */
export const SlotType = { spectator: 0, player: 1, group: 2 } as const;

/** Tags with a meaning of their own. Any other text is a tag too, good for aiming a Bounce. */
export const Tag = {
  reference: 'AP',
  deathLink: 'DeathLink',
  trapLink: 'TrapLink',
  ringLink: 'RingLink',
  tracker: 'Tracker',
  textOnly: 'TextOnly',
  hintGame: 'HintGame',
  noText: 'NoText',
} as const;

/** Tags that let a client in without a game: it may neither check locations nor reach the goal. */
export const NON_GAME_TAGS: readonly string[] = [Tag.tracker, Tag.textOnly, Tag.hintGame];

/** Reasons in `ConnectionRefused.errors`. More may come. */
export const REFUSALS = [
  'InvalidSlot',
  'InvalidGame',
  'IncompatibleVersion',
  'InvalidPassword',
  'InvalidItemsHandling',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Locations that are no places, and the slot and game of the server itself. */
export const SpecialLocation = { cheatConsole: -1, startInventory: -2 } as const;
export const SERVER_SLOT = 0;
export const CORE_GAME = 'Archipelago';

/** The port servers listen on unless told otherwise. */
export const DEFAULT_PORT = 38281;

/** Most bytes a server accepts in one message, after inflation. */
export const MAX_CLIENT_MESSAGE_BYTES = 1024 * 1024;

/** The server version this package was made for. */
export const PROTOCOL_VERSION = { major: 0, minor: 6, build: 7 } as const;
