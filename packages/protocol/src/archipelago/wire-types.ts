/** The objects that packets carry (`archipelago.md` §6). Loose: unknown fields pass through. */
import { z } from 'zod';
import { idTable, integer, list, longList, loose } from './loose.js';

/** Compared as a tuple, major first. */
export const Version = loose({ major: integer, minor: integer, build: integer });
export type Version = z.infer<typeof Version>;

export const NetworkPlayer = loose({
  team: integer,
  slot: integer,
  /** `Alias (Name)` when an alias is set, else the name. */
  alias: z.string(),
  name: z.string(),
});
export type NetworkPlayer = z.infer<typeof NetworkPlayer>;

export const NetworkSlot = loose({
  name: z.string(),
  game: z.string(),
  /** Bits of {@link SlotType}. */
  type: integer.default(1),
  /** Slots that share a group; empty for players. */
  group_members: list(integer).default([]),
});
export type NetworkSlot = z.infer<typeof NetworkSlot>;

/** An item at a place. `player` is the finder, except in `LocationInfo`, where it is the receiver. */
export const NetworkItem = loose({
  item: integer,
  location: integer,
  player: integer,
  /** Bits of {@link ItemFlag}. */
  flags: integer.default(0),
});
export type NetworkItem = z.infer<typeof NetworkItem>;

const isCompleteItem = (value: unknown): boolean => {
  const { item, location, player, flags } = (value ?? {}) as Partial<Record<keyof NetworkItem, unknown>>;
  return (
    Number.isSafeInteger(item) &&
    Number.isSafeInteger(location) &&
    Number.isSafeInteger(player) &&
    Number.isSafeInteger(flags)
  );
};

/** A slot that comes back late gets thousands of these in one packet. */
export const NetworkItems = longList(NetworkItem, isCompleteItem);

/** Identity is (`finding_player`, `location`). */
export const Hint = loose({
  receiving_player: integer,
  finding_player: integer,
  location: integer,
  item: integer,
  found: z.boolean(),
  entrance: z.string().default(''),
  item_flags: integer.default(0),
  /** A {@link HintStatus}; servers before 0.6.0 send none. */
  status: integer.default(0),
});
export type Hint = z.infer<typeof Hint>;

/** A piece of a message. `type` decides what `text` means; unknown types are plain text. */
export const MessagePart = loose({
  text: z
    .union([z.string(), z.number().transform(String)])
    .optional()
    .transform((text) => text ?? ''),
  type: z.string().optional(),
  /** Slot whose game `text` is an id of. */
  player: integer.optional(),
  /** Bits of {@link ItemFlag}, on `item_id` and `item_name`. */
  flags: integer.optional(),
  /** Names separated by `;`, on `color`. */
  color: z.string().optional(),
  /** On `hint_status`. */
  hint_status: integer.optional(),
});
export type MessagePart = z.infer<typeof MessagePart>;

export const Permissions = loose({
  release: integer.optional(),
  collect: integer.optional(),
  remaining: integer.optional(),
});
export type Permissions = z.infer<typeof Permissions>;

/** Names of one game. `checksum` is opaque: it cannot be computed from the tables. */
export const GameData = loose({
  item_name_to_id: idTable,
  location_name_to_id: idTable,
  checksum: z.string().optional(),
});
export type GameData = z.infer<typeof GameData>;
