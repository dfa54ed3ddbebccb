import { Hint, type Json } from '@causeway/protocol/archipelago';

/** Where an item lies, as the room tells those whom it concerns. Identity is (`finder`, `location`). */
export interface RoomHint {
  /** Slot whose world holds the location. */
  readonly finder: number;
  /** Slot that gets the item; may be a group. */
  readonly receiver: number;
  readonly location: number;
  readonly item: number;
  /** Bits: 1 advancement, 2 useful, 4 trap. */
  readonly flags: number;
  /** Empty when the way there is no secret. */
  readonly entrance: string;
  readonly found: boolean;
  /** A HintStatus: what the receiver thinks of it. Servers before 0.6.0 say nothing but 0. */
  readonly status: number;
}

/** `gone`: only a room that went back to an older save forgets a hint. */
export interface HintChange {
  readonly kind: 'new' | 'found' | 'changed' | 'gone';
  readonly hint: RoomHint;
  /** What was known before; absent for a new one. */
  readonly before?: RoomHint;
}

const FIELDS = ['receiver', 'item', 'flags', 'entrance', 'found', 'status'] as const;

const keyOf = ({ finder, location }: RoomHint): string => `${finder}/${location}`;

const same = (a: RoomHint, b: RoomHint): boolean => FIELDS.every((field) => a[field] === b[field]);

const readHint = (value: Json): readonly RoomHint[] => {
  const parsed = Hint.safeParse(value);
  if (!parsed.success) return [];
  const { finding_player, receiving_player, location, item, item_flags, entrance, found, status } = parsed.data;
  return [
    { finder: finding_player, receiver: receiving_player, location, item, flags: item_flags, entrance, found, status },
  ];
};

/**
 * Every hint of one slot. The server sends the whole list at each change (`archipelago.md` §10.1), so what is news comes
 * from comparing whole entries: one can be found, or thought of differently, without any being added.
 */
export class HintList {
  #hints: ReadonlyMap<string, RoomHint> = new Map();

  get hints(): readonly RoomHint[] {
    return [...this.#hints.values()];
  }

  /** Takes the list as stored in the room; entries that make no sense are left out. Returns what is news. */
  receive(value: Json): readonly HintChange[] {
    if (!Array.isArray(value)) return [];
    const before = this.#hints;
    const now = new Map((value as readonly Json[]).flatMap(readHint).map((hint) => [keyOf(hint), hint]));
    this.#hints = now;
    const changes = [...now.values()].flatMap((hint) => changeOf(before.get(keyOf(hint)), hint));
    const gone = [...before.values()].filter((hint) => !now.has(keyOf(hint)));
    return [...changes, ...gone.map((hint) => ({ kind: 'gone', hint, before: hint }) as const)];
  }
}

const changeOf = (before: RoomHint | undefined, hint: RoomHint): readonly HintChange[] => {
  if (!before) return [{ kind: 'new', hint }];
  if (same(before, hint)) return [];
  return [{ kind: hint.found && !before.found ? 'found' : 'changed', hint, before }];
};
