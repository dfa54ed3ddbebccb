import { createHash } from 'node:crypto';
import { CORE_GAME, PROTOCOL_VERSION, SlotType } from '@causeway/protocol/archipelago';
import { PyFloat, type PyValue, raise } from '../python/values.js';
import { writeJson } from '../python/write-json.js';
import { CORE_GAME_TABLES } from './core-game.js';
import {
  DEFAULT_OPTIONS,
  NO_LOGIC,
  type Placement,
  type RoomDefinition,
  type RoomGame,
  type RoomSlot,
} from './room-definition.js';
import { ITEM_KINDS, type RoomFile } from './room-file.js';

type FileSlot = RoomFile['slots'][number];
type FileGame = RoomFile['games'][string];

const MINIMUM = { major: 0, minor: 5, build: 0 };

/** A room from the small format for people. Raises on names that fit nothing. */
export const friendlyRoom = (file: RoomFile): RoomDefinition => {
  const seats = [...file.slots, ...file.groups].map(({ name }) => name);
  if (new Set(seats).size < seats.length) raise('two slots have the same name');
  const slots = [
    ...file.slots.map((slot, index) => playerSlot(file, seats, slot, index + 1)),
    ...file.groups.map((group, index) => groupSlot(seats, group, file.slots.length + index + 1)),
  ];
  const games = Object.entries(file.games).map(([name, game]) => [name, tablesOf(game)] as const);
  return {
    seed: file.seed,
    generatorVersion: PROTOCOL_VERSION,
    tags: ['AP'],
    raceMode: Number(file.race),
    slots: new Map(slots.map((slot) => [slot.slot, slot])),
    connectNames: new Map([
      ...slots.map(({ name, slot }) => [name, slot] as const),
      ...file.slots.flatMap(({ loginNames }, index) => loginNames.map((name) => [name, index + 1] as const)),
    ]),
    games: new Map([...games, [CORE_GAME, CORE_GAME_TABLES]]),
    startHints: [],
    options: { ...DEFAULT_OPTIONS, ...present(file.options) },
  };
};

const present = <T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;

const playerSlot = (file: RoomFile, seats: readonly string[], slot: FileSlot, number: number): RoomSlot => {
  const { items, locations, goalNeeds } = gameNamed(file, slot.game);
  const itemNamed = (name: string): number => member(items, name, `${slot.game} has no item`).id;
  const placements = Object.entries(slot.locations).map(([name, placement]) => {
    return [
      member(locations, name, `${slot.game} has no location`).id,
      placementOf(file, seats, placement, number),
    ] as const;
  });
  return {
    slot: number,
    name: slot.name,
    game: slot.game,
    type: SlotType.player,
    members: [],
    locations: new Map(placements),
    slotData: asPython(slot.slotData),
    startItems: slot.startItems.map(itemNamed),
    minimumVersion: MINIMUM,
    entrances: new Map(),
    logic: {
      needs: new Map(Object.values(locations).map(({ id, needs }) => [id, needs.map(itemNamed)])),
      goalNeeds: goalNeeds.map(itemNamed),
    },
  };
};

const groupSlot = (seats: readonly string[], group: RoomFile['groups'][number], number: number): RoomSlot => ({
  slot: number,
  name: group.name,
  game: group.game,
  type: SlotType.group,
  members: group.members.map((name) => seatOf(seats, name)),
  locations: new Map(),
  slotData: new Map(),
  startItems: [],
  minimumVersion: MINIMUM,
  entrances: new Map(),
  logic: NO_LOGIC,
});

const gameNamed = (file: RoomFile, name: string): FileGame => member(file.games, name, 'there is no game');

/** What a table really has under a name; every object also answers to `toString`. */
const member = <T>(table: Readonly<Record<string, T>>, name: string, problem: string): T =>
  (Object.hasOwn(table, name) ? table[name] : undefined) ?? raise(`${problem} '${name}'`);

const seatOf = (seats: readonly string[], name: string): number => {
  const index = seats.indexOf(name);
  return index < 0 ? raise(`there is no slot '${name}'`) : index + 1;
};

const placementOf = (
  file: RoomFile,
  seats: readonly string[],
  placement: FileSlot['locations'][string],
  finder: number,
): Placement => {
  const receiver = placement.for === undefined ? finder : seatOf(seats, placement.for);
  const owner = [...file.slots, ...file.groups][receiver - 1] ?? raise('there is no such slot');
  const item = member(gameNamed(file, owner.game).items, placement.item, `${owner.game} has no item`);
  return { item: item.id, receiver, flags: ITEM_KINDS[item.kind] };
};

const tablesOf = (game: FileGame): RoomGame => {
  const ids = (table: Readonly<Record<string, { readonly id: number }>>) =>
    new Map(Object.entries(table).map(([name, { id }]) => [name, id] as const));
  const groups = (table: Readonly<Record<string, readonly string[]>>, all: string, names: readonly string[]) =>
    new Map([...Object.entries(table), [all, [...names].sort()] as const]);
  const tables = {
    items: ids(game.items),
    locations: ids(game.locations),
    itemGroups: groups(game.itemGroups, 'Everything', Object.keys(game.items)),
    locationGroups: groups(game.locationGroups, 'Everywhere', Object.keys(game.locations)),
  };
  return { ...tables, checksum: createHash('sha1').update(writeJson(tables)).digest('hex') };
};

/** Plain JSON as Python values; whole numbers become integers. */
const asPython = (value: unknown): PyValue => {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return new PyFloat(value);
  if (Array.isArray(value)) return value.map(asPython);
  if (typeof value !== 'object' || value === null) return value as PyValue;
  return new Map(Object.entries(value).map(([key, member]) => [key, asPython(member)]));
};
