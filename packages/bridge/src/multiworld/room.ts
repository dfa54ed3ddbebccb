/** What the multiworld server has said, as game modules and people see it. Plain, immutable snapshots. */

import type { Json } from '@causeway/protocol/archipelago';

export type { Json } from '@causeway/protocol/archipelago';

export interface RoomPlayer {
  readonly slot: number;
  /** The name the slot logs in with. */
  readonly name: string;
  /** The name to show; `Alias (Name)` when an alias is set. */
  readonly alias: string;
  readonly game: string;
  readonly group: boolean;
}

/** An entry of the received-item list. Its position in the list is its identity. */
export interface ReceivedItem {
  /** Position in the list, from 0. */
  readonly index: number;
  /** Item id in the receiving slot's game. */
  readonly item: number;
  /** Location id in the finder's game; -1 and -2 are not places (cheat console, start inventory). */
  readonly location: number;
  /** Slot of the finder; 0 is the server. */
  readonly player: number;
  /** Bits: 1 advancement, 2 useful, 4 trap. */
  readonly flags: number;
}

/** A room as one slot sees it. Survives a lost connection; replaced, never changed in place. */
export interface Room {
  /** Identity of the generated seed. */
  readonly seed: string;
  readonly team: number;
  readonly slot: number;
  readonly slotName: string;
  readonly game: string;
  readonly slotData: Readonly<Record<string, Json>>;
  readonly players: readonly RoomPlayer[];
  /** Everything received so far, in the server's order; `items[i].index === i`. */
  readonly items: readonly ReceivedItem[];
  /** Every location of this slot. Ids outside must never be reported. */
  readonly locations: ReadonlySet<number>;
  /** The locations the server knows as checked, by whomever. */
  readonly checked: ReadonlySet<number>;
}

/** Names for ids, with a readable fallback (`Unknown item (ID: 5)`) where the data package is not there yet. */
export interface RoomNames {
  item(id: number, slot: number): string;
  location(id: number, slot: number): string;
  player(slot: number): string;
}

/** Names that can be listed as well, for completion and for people who look around. */
export interface NameLists extends RoomNames {
  /** Every item of the slot's game by id; empty while its data package is not there. */
  items(slot: number): ReadonlyMap<number, string>;
  /** Every location of the slot's game by id, whether or not this seed has it; empty while its data package is not there. */
  locations(slot: number): ReadonlyMap<number, string>;
}
