import type { PyValue } from '../python/values.js';
import type { Hint, RoomDefinition } from './room-definition.js';

export interface NetworkItem {
  readonly item: number;
  readonly location: number;
  /** The finder; 0 for the server. */
  readonly player: number;
  readonly flags: number;
  readonly class: 'NetworkItem';
}

export const networkItem = (item: number, location: number, player: number, flags: number): NetworkItem => ({
  item,
  location,
  player,
  flags,
  class: 'NetworkItem',
});

/** What one slot has done and got. */
export interface SlotState {
  readonly checked: Set<number>;
  /** Everything received, in the order of registration. Append-only. */
  readonly items: NetworkItem[];
  /** The same without items found in the slot's own world. */
  readonly foreignItems: NetworkItem[];
  /** A ClientStatus; the reference server stores any value unchecked. */
  status: PyValue;
  hintsUsed: number;
  alias: string | undefined;
  /** `/allow_release`, `/forbid_release`; else the room's mode counts. */
  release: boolean | undefined;
}

/** Everything that changes while a room is played; {@link saveRoom} keeps it. */
export interface RoomState {
  readonly slots: ReadonlyMap<number, SlotState>;
  /** By {@link hintKey}, in order of creation. */
  readonly hints: Map<string, Hint>;
  readonly stored: Map<string, PyValue>;
  /** Members that have collected, by item-link group. */
  readonly groupCollected: ReadonlyMap<number, Set<number>>;
}

export const hintKey = (finder: number, location: number): string => `${finder}:${location}`;

/** The state of a room nobody has played yet. */
export const freshState = (definition: RoomDefinition): RoomState => {
  const slots = new Map<number, SlotState>();
  const groupCollected = new Map<number, Set<number>>();
  for (const { slot, type, members } of definition.slots.values()) {
    const finished = type !== 1;
    slots.set(slot, {
      checked: new Set(),
      items: [],
      foreignItems: [],
      status: finished ? 30 : 0,
      hintsUsed: 0,
      alias: undefined,
      release: undefined,
    });
    if (members.length > 0) groupCollected.set(slot, new Set());
  }
  const hints = new Map(definition.startHints.map((hint) => [hintKey(hint.finder, hint.location), { ...hint }]));
  return { slots, hints, stored: new Map(), groupCollected };
};
