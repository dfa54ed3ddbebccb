import { z } from 'zod';

/** The small room format for people: names instead of ids, one object per slot. `rooms/duo.json` is an example. */

const Mode = z.enum(['disabled', 'enabled', 'goal', 'auto', 'auto-enabled']);
const id = z.number().int().safe();

/** What an item is good for; decides its flags. */
export const ITEM_KINDS = { filler: 0, progression: 1, useful: 2, trap: 4 } as const;
const ItemKind = z.enum(['filler', 'progression', 'useful', 'trap']);

const Item = z.union([
  id.transform((id) => ({ id, kind: 'filler' as const })),
  z.strictObject({ id, kind: ItemKind.default('filler') }),
]);

const Location = z.union([
  id.transform((id) => ({ id, needs: [] as string[] })),
  z.strictObject({
    id,
    /** Items without which nobody gets there; a name twice means two of it. Read by scripted partners, not by the server. */
    needs: z.array(z.string()).default([]),
  }),
]);

const Game = z.strictObject({
  items: z.record(z.string(), Item),
  locations: z.record(z.string(), Location),
  itemGroups: z.record(z.string(), z.array(z.string())).default({}),
  locationGroups: z.record(z.string(), z.array(z.string())).default({}),
  /** Items without which the goal cannot be reached. */
  goalNeeds: z.array(z.string()).default([]),
});

/** `"Lantern"` is the slot's own, `{ "item": "Key", "for": "Ada" }` another player's or a group's. */
const Placement = z.union([
  z.string().transform((item) => ({ item, for: undefined as string | undefined })),
  z.strictObject({ item: z.string(), for: z.string() }),
]);

const Slot = z.strictObject({
  name: z.string().min(1).max(16),
  game: z.string(),
  /** Item by location, in the order the server shall list them. */
  locations: z.record(z.string(), Placement),
  slotData: z.record(z.string(), z.json()).default({}),
  startItems: z.array(z.string()).default([]),
  /** Further names to log in with, such as what a ROM carries. */
  loginNames: z.array(z.string()).default([]),
});

const Group = z.strictObject({
  name: z.string().min(1).max(16),
  game: z.string(),
  members: z.array(z.string()).min(2),
});

const Options = z.strictObject({
  hintCost: z.number().int().min(0).max(100).optional(),
  locationCheckPoints: z.number().int().min(0).optional(),
  releaseMode: Mode.optional(),
  collectMode: Mode.optional(),
  remainingMode: Mode.optional(),
  countdownMode: Mode.optional(),
  itemCheat: z.boolean().optional(),
  compatibility: z.number().int().min(0).max(2).optional(),
});

export const RoomFile = z.strictObject({
  seed: z.string().min(1),
  race: z.boolean().default(false),
  options: Options.default({}),
  games: z.record(z.string(), Game),
  slots: z.array(Slot).min(1),
  /** Item-link groups; they take the slot numbers after the players. */
  groups: z.array(Group).default([]),
});
export type RoomFile = z.infer<typeof RoomFile>;
