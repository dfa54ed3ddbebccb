import { NON_GAME_TAGS, PROTOCOL_VERSION, type Refusal, Tag } from '@causeway/protocol/archipelago';
import { isDict, isInteger, type PyDict, type PyValue, raise } from '../python/values.js';
import { required, truthy } from './arguments.js';
import { checkedLocations, missingLocations } from './checks.js';
import type { Client } from './client.js';
import { hintPoints } from './hint-points.js';
import { wholeList } from './items.js';
import { broadcastText, welcome } from './messages.js';
import type { Packet } from './outbox.js';
import { joinedText } from './presence.js';
import { refuse } from './refusal.js';
import type { RoomContext } from './room-context.js';
import type { Version } from './room-definition.js';
import { networkPlayers } from './room-info.js';
import { setStatus } from './status.js';

/** Lowest version for connections without a game. */
const MINIMUM: Version = { major: 0, minor: 5, build: 0 };

/** `Connect`: lets a client in or says why not. */
export const connect = (room: RoomContext, client: Client, args: PyDict): void => {
  const password = args.get('password');
  const malformed = password === undefined || (password !== null && typeof password !== 'string') || !args.has('game');
  if (malformed) {
    refuse(room, client, 'Connect', 'Connect');
    return;
  }
  const errors = refusals(room, args);
  if (errors.length > 0) {
    turnAway(room, client, args, errors);
    return;
  }
  letIn(room, client, args);
};

const turnAway = (room: RoomContext, client: Client, args: PyDict, reasons: readonly Refusal[]): void => {
  room.surroundings.emit({ kind: 'refused', name: String(args.get('name')), reasons });
  room.outbox.reply(client, { cmd: 'ConnectionRefused', errors: reasons });
};

const refusals = (room: RoomContext, args: PyDict): readonly Refusal[] => {
  const errors = new Set<Refusal>();
  const { password } = room.options;
  if (password !== undefined && args.get('password') !== password) errors.add('InvalidPassword');
  const slot = slotNamed(room, required(args, 'name'));
  if (slot === undefined) errors.add('InvalidSlot');
  else for (const error of slotRefusals(room, args, slot)) errors.add(error);
  if (room.options.compatibility === 0 && before(typedVersion(args), PROTOCOL_VERSION) !== 0) {
    errors.add('IncompatibleVersion');
  }
  return [...errors];
};

const slotNamed = (room: RoomContext, name: PyValue): number | undefined => {
  if (Array.isArray(name) || isDict(name)) return raise('unhashable name');
  return typeof name === 'string' ? room.definition.connectNames.get(name) : undefined;
};

const slotRefusals = (room: RoomContext, args: PyDict, slot: number): readonly Refusal[] => {
  const errors: Refusal[] = [];
  const { game, minimumVersion } = room.slot(slot);
  const gameless = !truthy(args.get('game')) && isNonGame(tagsOf(args));
  if (!gameless && args.get('game') !== game) errors.push('InvalidGame');
  if (before(typedVersion(args), gameless ? MINIMUM : minimumVersion) < 0) errors.push('IncompatibleVersion');
  if (itemsHandling(required(args, 'items_handling')) === undefined) errors.push('InvalidItemsHandling');
  return errors;
};

/** The version of a `Connect`; anything not marked as one cannot be compared with ours. */
const typedVersion = (args: PyDict): Version => {
  const version = required(args, 'version');
  if (!isDict(version) || version.get('class') !== 'Version') return raise('version is no Version');
  const part = (name: string): number => Number(version.get(name));
  return { major: part('major'), minor: part('minor'), build: part('build') };
};

/** Negative when `a` is older than `b`. */
const before = (a: Version, b: Version): number => a.major - b.major || a.minor - b.minor || a.build - b.build;

/** Tags of a `Connect` or `ConnectUpdate`. */
export const tagsOf = (args: PyDict): PyValue[] => {
  const tags = required(args, 'tags');
  return Array.isArray(tags) ? tags : raise('tags are no list');
};

const isNonGame = (tags: readonly PyValue[]): boolean => NON_GAME_TAGS.some((tag) => tags.includes(tag));

/** Puts tags into force. */
export const setTags = (client: Client, tags: PyValue[]): void => {
  if (tags.some((tag) => Array.isArray(tag) || isDict(tag))) raise('unhashable tag');
  client.tags = tags;
  client.nonGame = isNonGame(tags);
  client.noText = tags.includes(Tag.noText);
};

/** The bits of items_handling that count, or `undefined` for a value the server refuses. */
export const itemsHandling = (value: PyValue): number | undefined => {
  if (!isInteger(value)) return undefined;
  const bits = Number(BigInt(value) & 7n);
  if (bits & 1) return bits;
  return bits === 0 ? 0 : undefined;
};

const letIn = (room: RoomContext, client: Client, args: PyDict): void => {
  const slot = slotNamed(room, required(args, 'name')) ?? raise('no such slot');
  const { members } = room.slot(slot);
  if (members.length > 0) raise('a group cannot log in');
  if (client.loggedIn && client.slot !== slot) raise('logged in to another slot');
  required(args, 'uuid');
  const tags = tagsOf(args);
  const rejoined = client.loggedIn;
  setTags(client, tags);
  room.seat(client, slot);
  client.version = typedVersion(args);
  client.itemsHandling = itemsHandling(required(args, 'items_handling')) ?? 0;
  const items = wholeList(room, client);
  if (!rejoined) greet(room, client);
  room.outbox.reply(client, connected(room, slot, args), ...items);
};

const greet = (room: RoomContext, client: Client): void => {
  const { slot, tags } = client;
  const { name, game } = room.slot(slot);
  if (room.stateOf(slot).status === 0) setStatus(room, slot, 5);
  broadcastText(room, joinedText(room, client), { type: 'Join', team: 0, slot, tags });
  welcome(room, client);
  room.surroundings.emit({ kind: 'joined', slot, name, game });
};

const connected = (room: RoomContext, slot: number, args: PyDict): Packet => {
  const slots = [...room.definition.slots.values()];
  const slotInfo = slots.map(({ slot: number, name, game, type, members }) => [
    String(number),
    { name, game, type, group_members: members, class: 'NetworkSlot' },
  ]);
  const wantsSlotData = !args.has('slot_data') || truthy(args.get('slot_data'));
  return {
    cmd: 'Connected',
    team: 0,
    slot,
    players: networkPlayers(room),
    missing_locations: missingLocations(room, slot),
    checked_locations: checkedLocations(room, slot),
    slot_info: Object.fromEntries(slotInfo),
    hint_points: hintPoints(room, slot),
    slot_data: wantsSlotData ? room.slot(slot).slotData : undefined,
  };
};
