import { HintStatus, ItemFlag } from '@causeway/protocol/archipelago';
import { hintPoints } from './hint-points.js';
import { hintMessage } from './messages.js';
import type { RoomContext } from './room-context.js';
import type { Hint } from './room-definition.js';
import { hintKey } from './room-state.js';

/** A hint as the wire has it. */
export const wireHint = (hint: Hint): object => ({
  receiving_player: hint.receiver,
  finding_player: hint.finder,
  location: hint.location,
  item: hint.item,
  found: hint.found,
  entrance: hint.entrance,
  item_flags: hint.flags,
  status: hint.status,
  class: 'Hint',
});

/** Slots a hint concerns: the finder and whoever gets the item. */
const concerned = (room: RoomContext, hint: Hint): ReadonlySet<number> =>
  new Set([hint.finder, ...room.members(hint.receiver)]);

export const hintsOf = (room: RoomContext, slot: number): readonly Hint[] =>
  [...room.state.hints.values()].filter((hint) => concerned(room, hint).has(slot));

export const knownHint = (room: RoomContext, finder: number, location: number): Hint | undefined =>
  room.state.hints.get(hintKey(finder, location));

/** Name of the read-only key that lists a slot's hints. */
export const hintsKey = (slot: number): string => `_read_hints_0_${slot}`;

/** Tells subscribers that the hints of these slots changed. */
export const announceHints = (room: RoomContext, slots: Iterable<number>): void => {
  for (const slot of slots) room.announce(hintsKey(slot), () => hintsOf(room, slot).map(wireHint));
};

/** The hint for a location: the known one, else a new one with this status. `undefined` when there is no such location. */
export const hintFor = (
  room: RoomContext,
  finder: number,
  location: number,
  status: (flags: number) => HintStatus,
): Hint | undefined => {
  const known = knownHint(room, finder, location);
  if (known) return known;
  const { locations, entrances } = room.slot(finder);
  const placement = locations.get(location);
  if (!placement) return undefined;
  const found = room.stateOf(finder).checked.has(location);
  const { item, receiver, flags } = placement;
  const entrance = entrances.get(location) ?? '';
  return { receiver, finder, location, item, flags, entrance, found, status: found ? HintStatus.found : status(flags) };
};

/** Status of a hint for an item somebody asked about. */
const itemHintStatus = (flags: number): HintStatus => (flags & ItemFlag.trap ? HintStatus.avoid : HintStatus.priority);

/** Status of a hint for a location. */
export const locationHintStatus = (): HintStatus => HintStatus.unspecified;

/** Every hint for an item of a slot, items of its groups included. */
export const hintsForItem = (room: RoomContext, slot: number, item: number): readonly Hint[] => {
  const hints: Hint[] = [];
  for (const { slot: finder, locations } of room.definition.slots.values()) {
    for (const [location, placement] of locations) {
      if (placement.item !== item || !isFor(room, placement.receiver, slot)) continue;
      const hint = hintFor(room, finder, location, itemHintStatus);
      if (hint) hints.push(hint);
    }
  }
  return hints;
};

const isFor = (room: RoomContext, receiver: number, slot: number): boolean =>
  receiver === slot || room.members(receiver).includes(slot);

interface TellOptions {
  /** Leave out hints that were given before. */
  readonly onlyNew?: boolean;
  /** Remember also what has been found already. */
  readonly keepFound?: boolean;
  /** Only these slots hear of it. */
  readonly only?: number;
}

/** Gives hints: remembers the new ones, updates watchers and points, prints them to everybody concerned. */
export const tellHints = (room: RoomContext, given: readonly Hint[], options: TellOptions = {}): void => {
  const hints = options.onlyNew ? given.filter((hint) => !isKnown(room, hint)) : given;
  const changed = new Set<number>();
  for (const hint of [...hints].sort((a, b) => Number(b.found) - Number(a.found))) {
    if ((hint.found && !options.keepFound) || isKnown(room, hint)) continue;
    room.state.hints.set(hintKey(hint.finder, hint.location), hint);
    for (const slot of concerned(room, hint)) changed.add(slot);
  }
  for (const slot of changed) {
    announceHints(room, [slot]);
    room.outbox.post(room.clientsOf(slot), [{ cmd: 'RoomUpdate', hint_points: hintPoints(room, slot) }]);
  }
  printHints(room, hints, options.only);
};

const isKnown = (room: RoomContext, hint: Hint): boolean => knownHint(room, hint.finder, hint.location) !== undefined;

const printHints = (room: RoomContext, hints: readonly Hint[], only: number | undefined): void => {
  const bySlot = new Map<number, Hint[]>();
  for (const hint of hints) {
    room.surroundings.emit({ kind: 'hint', text: describeHint(room, hint) });
    for (const slot of concerned(room, hint)) {
      if (only === undefined || slot === only) bySlot.set(slot, [...(bySlot.get(slot) ?? []), hint]);
    }
  }
  for (const [slot, concerning] of bySlot) {
    // What lies in one's own world comes first.
    const lines = concerning.sort((a, b) => Number(a.finder !== slot) - Number(b.finder !== slot)).map(hintMessage);
    room.outbox.post(
      [...room.clientsOf(slot)].filter((client) => !client.noText),
      lines,
    );
  }
};

/** A hint in one line, for the host. */
const describeHint = (room: RoomContext, hint: Hint): string => {
  const item = room.itemName(hint.item, hint.receiver);
  const place = room.locationName(hint.location, hint.finder);
  return `${room.nameOf(hint.receiver)}: ${item} is at ${place} in the world of ${room.nameOf(hint.finder)}`;
};

/** Marks hints of checked locations as found and tells their watchers. */
export const markFound = (room: RoomContext, finder: number, locations: readonly number[]): void => {
  const changed = new Set<number>();
  for (const location of locations) {
    const hint = knownHint(room, finder, location);
    if (!hint || hint.found) continue;
    hint.found = true;
    hint.status = HintStatus.found;
    for (const slot of concerned(room, hint)) changed.add(slot);
  }
  announceHints(room, changed);
};
