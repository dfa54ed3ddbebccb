import type { Caller } from './chat-command.js';
import { fuzzyMatch, unclearText } from './fuzzy-match.js';
import { hintCost, hintPoints } from './hint-points.js';
import { hintFor, hintsForItem, hintsOf, locationHintStatus, tellHints } from './hints.js';
import type { RoomContext } from './room-context.js';
import type { Hint, RoomGame } from './room-definition.js';
import { hintKey } from './room-state.js';

/** Buying hints with the points that checks bring. */

type Kind = 'item' | 'location';

/** `!hint` */
export const hintItem = (caller: Caller, typed: string): void => shop(caller, typed, 'item');
/** `!hint_location` */
export const hintLocation = (caller: Caller, typed: string): void => shop(caller, typed, 'location');

const shop = (caller: Caller, typed: string, kind: Kind): void => {
  if (typed === '') {
    listHints(caller);
    return;
  }
  const { room, client, tell } = caller;
  const game = room.game(room.slot(client.slot).game);
  const wanted = findHints(room, client.slot, game, typed, kind);
  if (typeof wanted === 'string') {
    tell(wanted);
    return;
  }
  if (wanted.length === 0) {
    nothingFound(caller, typed);
    return;
  }
  buy(caller, wanted);
};

const listHints = ({ room, client, tell }: Caller): void => {
  const { slot } = client;
  tellHints(room, hintsOf(room, slot), { only: slot });
  tell(`A hint costs ${hintCost(room, slot)} points. You have ${hintPoints(room, slot)} points.`);
};

/** The hints a text asks for: by id, by name or by name of a group; or words that say what is unclear. */
export const findHints = (
  room: RoomContext,
  slot: number,
  game: RoomGame | undefined,
  typed: string,
  kind: Kind,
): readonly Hint[] | string => {
  const byId = (id: number): readonly Hint[] => {
    if (kind === 'item') return hintsForItem(room, slot, id);
    const hint = hintFor(room, slot, id, locationHintStatus);
    return hint ? [hint] : [];
  };
  if (/^\d+$/.test(typed)) return byId(Number(typed));
  const ids: ReadonlyMap<string, number> = (kind === 'item' ? game?.items : game?.locations) ?? new Map();
  const groups = (kind === 'item' ? game?.itemGroups : game?.locationGroups) ?? new Map<string, readonly string[]>();
  const match = fuzzyMatch(typed, [...new Set([...ids.keys(), ...groups.keys()])].sort());
  if (!match) return 'This game has no names to look up.';
  if (match.kind === 'unclear') return unclearText(typed, match);
  const names = groups.get(match.name) ?? [match.name];
  return names.flatMap((name) => byId(ids.get(name) ?? Number.NaN));
};

const cannotAfford = ({ room, client }: Caller): string =>
  `You can't afford the hint. You have ${hintPoints(room, client.slot)} points and need at least ` +
  `${hintCost(room, client.slot)}.`;

const nothingFound = (caller: Caller, typed: string): void => {
  const { room, client, tell } = caller;
  const canAfford = hintPoints(room, client.slot) >= hintCost(room, client.slot);
  tell(canAfford ? `Nothing to hint for '${typed}' in this room.` : cannotAfford(caller));
};

/** Gives what is known or found for nothing, and one new hint for points; all of them when hints are free. */
const buy = (caller: Caller, wanted: readonly Hint[]): void => {
  const { room, client, tell } = caller;
  const { slot } = client;
  const isOld = (hint: Hint): boolean => room.state.hints.has(hintKey(hint.finder, hint.location));
  const old = wanted.filter(isOld);
  const fresh = wanted.filter((hint) => !isOld(hint));
  if (fresh.length === 0) {
    tellHints(room, old);
    tell('Hint was previously used, no points deducted.');
    return;
  }
  const found = fresh.filter((hint) => hint.found);
  const offered = shuffled(
    fresh.filter((hint) => !hint.found),
    room.surroundings.random,
  );
  const cost = hintCost(room, slot);
  const affordable = cost === 0 ? offered.length : Number(hintPoints(room, slot) >= cost);
  // Hints that lead to other worlds are worth more to most.
  offered.sort((a, b) => Number(a.receiver === a.finder) - Number(b.receiver === b.finder));
  const bought = offered.slice(0, affordable);
  room.stateOf(slot).hintsUsed += bought.length;
  const given = [...found, ...old, ...bought];
  tellHints(room, given);
  const left = offered.length - bought.length;
  if (left > 0) tell(given.length > 0 ? moreToCome(caller) : cannotAfford(caller));
};

const moreToCome = ({ room, client }: Caller): string => {
  const points = hintPoints(room, client.slot);
  const cost = hintCost(room, client.slot);
  return points >= cost
    ? 'There may be more to hint; run the command again to find it.'
    : `There may be more to hint, but you have ${points} points and need at least ${cost}.`;
};

const shuffled = <T>(values: readonly T[], random: () => number): T[] =>
  values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
