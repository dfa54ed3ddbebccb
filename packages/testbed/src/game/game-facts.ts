/** How our games tell of their items and chests. */

/** Item flags as the multiworld protocol counts them. */
export const ADVANCEMENT = 1;
export const USEFUL = 2;
export const TRAP = 4;

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

/** A chest in a game of stages. */
export interface StageChest {
  readonly id: number;
  readonly name: string;
  /** Number of its flag: eight per stage, counted from the lowest bit. */
  readonly flag: number;
  /** Names of the items without which nobody gets there. */
  readonly needs: readonly string[];
}

export interface Stage {
  readonly name: string;
  /** Names of the items without which nobody gets there. */
  readonly needs: readonly string[];
  readonly chests: readonly string[];
}

/** Items by their codes, which count from 1: name, flags, how many in the pool. `base`: the id of code 0. */
export const itemFacts = (
  base: number,
  items: readonly (readonly [name: string, flags: number, inPool: number])[],
): readonly ItemFact[] =>
  items.map(([name, flags, inPool], index) => ({ id: base + index + 1, name, code: index + 1, flags, inPool }));

/** `base`: the id of the first chest of the first stage. */
export const stageChests = (base: number, stages: readonly Stage[]): readonly StageChest[] =>
  stages.flatMap(({ name, needs, chests }, stage) =>
    chests.map((chest, bit) => {
      const flag = stage * 8 + bit;
      return { id: base + flag, name: `${name}: ${chest}`, flag, needs };
    }),
  );

interface Named {
  readonly id: number;
  readonly name: string;
}
const idsByName = (things: readonly Named[]): Readonly<Record<string, number>> =>
  Object.fromEntries(things.map(({ name, id }) => [name, id]));

/** A game's part of a data package, without its checksum. */
export const dataPackageOf = (items: readonly Named[], locations: readonly Named[]) => ({
  item_name_to_id: idsByName(items),
  location_name_to_id: idsByName(locations),
});
