import { equal } from '../python/compare.js';
import { isInteger, type PyDict, PyFloat, type PyValue, raise } from '../python/values.js';
import { iterate, required } from './arguments.js';
import type { Client } from './client.js';
import { hintFor, locationHintStatus, tellHints } from './hints.js';
import { refuse } from './refusal.js';
import type { RoomContext } from './room-context.js';
import type { Hint } from './room-definition.js';
import { networkItem } from './room-state.js';

const ONLY_NEW = 2;

/** `LocationScouts`: what lies at the slot's own locations, in the order asked, and hints for it when wanted. */
export const scoutLocations = (room: RoomContext, client: Client, args: PyDict): void => {
  const asHint = wholeNumber(args.get('create_as_hint') ?? 0);
  const places = room.slot(client.slot).locations;
  const locations: object[] = [];
  const hints: Hint[] = [];
  for (const location of iterate(required(args, 'locations'))) {
    if (typeof location !== 'number') {
      refuse(room, client, 'LocationScouts', 'Locations has to be a list of integers');
      return;
    }
    const placement = places.get(location) ?? raise(`no location ${location}`);
    locations.push(networkItem(placement.item, location, placement.receiver, placement.flags));
    const hint = asHint === 0 ? undefined : hintFor(room, client.slot, location, locationHintStatus);
    if (hint) hints.push(hint);
  }
  tellHints(room, hints, { onlyNew: equal(asHint, ONLY_NEW), keepFound: true });
  room.outbox.reply(client, { cmd: 'LocationInfo', locations });
};

/** What Python's `int()` makes of a value. */
const wholeNumber = (value: PyValue): number => {
  if (isInteger(value)) return Number(value);
  if (value instanceof PyFloat && Number.isFinite(value.value)) return Math.trunc(value.value);
  return typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : raise('not a number');
};
