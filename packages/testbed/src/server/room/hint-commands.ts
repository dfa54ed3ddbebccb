import { HintStatus } from '@causeway/protocol/archipelago';
import { repr } from '../python/repr.js';
import { asIndex, isInteger, type PyDict, type PyValue, raise } from '../python/values.js';
import { iterate, required, truthy } from './arguments.js';
import type { Client } from './client.js';
import { announceHints, hintFor, knownHint, tellHints } from './hints.js';
import { refuse } from './refusal.js';
import type { RoomContext } from './room-context.js';
import type { Hint, Placement } from './room-definition.js';

const STATUSES: readonly number[] = Object.values(HintStatus);
const asStatus = (value: PyValue): HintStatus | undefined => {
  const number = asIndex(value);
  return number !== undefined && STATUSES.includes(number) ? (number as HintStatus) : undefined;
};

const NOT_THERE =
  'CreateHints: One or more of the locations do not exist for the specified off-world player. ' +
  "Please refrain from hinting other slot's locations that you don't know contain your items.";

/** `CreateHints`: free hints for one's own locations or items. */
export const createHints = (room: RoomContext, client: Client, args: PyDict): void => {
  const reject = (text: string): void => refuse(room, client, 'CreateHints', text);
  const locations = required(args, 'locations');
  if (!truthy(locations)) {
    reject('CreateHints: No locations specified.');
    return;
  }
  const wanted = args.get('status') ?? HintStatus.unspecified;
  const status = asStatus(wanted);
  if (status === undefined) {
    reject(`Unknown Status: ${repr(wanted)} is not a valid HintStatus`);
    return;
  }
  const finder = asIndex(args.get('player') ?? client.slot) ?? raise('no such player');
  const hints: Hint[] = [];
  for (const element of iterate(locations)) {
    const location = asIndex(element);
    const placement = location === undefined ? undefined : room.slot(finder).locations.get(location);
    if (location === undefined || !placement) {
      finder === client.slot ? raise('no such location') : reject(NOT_THERE);
      return;
    }
    const problem = forbidden(room, client, finder, placement, status);
    if (problem !== undefined) {
      reject(problem);
      return;
    }
    const hint = hintFor(room, finder, location, () => status);
    if (hint) hints.push(hint);
  }
  tellHints(room, hints, { onlyNew: true, keepFound: true });
};

const forbidden = (
  room: RoomContext,
  client: Client,
  finder: number,
  { receiver }: Placement,
  status: HintStatus,
): string | undefined => {
  if (room.members(receiver).includes(client.slot)) return undefined;
  if (status !== HintStatus.unspecified) {
    return 'CreateHints: Must use "unspecified"/None status for items from other players.';
  }
  if (finder !== client.slot) return 'CreateHints: Can only create hints for own items or own locations.';
  return undefined;
};

/** `UpdateHint`: the receiver says how much it wants the item. */
export const updateHint = (room: RoomContext, client: Client, args: PyDict): void => {
  const reject = (text: string): void => refuse(room, client, 'UpdateHint', text);
  const location = required(args, 'location');
  const player = required(args, 'player');
  const wanted = required(args, 'status');
  if (!isInteger(player) || !isInteger(location) || (wanted !== null && !isInteger(wanted))) {
    reject('UpdateHint');
    return;
  }
  const hint = knownHint(room, Number(player), Number(location));
  if (!hint) return;
  if (!room.members(hint.receiver).includes(client.slot)) {
    reject('UpdateHint: No Permission');
    return;
  }
  if (wanted === null) return;
  const status = asStatus(wanted);
  if (status === undefined) {
    reject('UpdateHint: Invalid Status');
    return;
  }
  if (status === HintStatus.found) {
    reject('UpdateHint: Cannot manually update status to "HINT_FOUND"');
    return;
  }
  if (hint.found || hint.status === status) return;
  hint.status = status;
  announceHints(room, new Set([hint.finder, ...room.members(hint.receiver)]));
};
