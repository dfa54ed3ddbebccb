import { PROTOCOL_VERSION } from '@causeway/protocol/archipelago';
import { PyFloat } from '../python/values.js';
import type { Client } from './client.js';
import type { Packet } from './outbox.js';
import type { RoomContext } from './room-context.js';
import type { Mode, Version } from './room-definition.js';

const PERMISSION: Readonly<Record<Mode, number>> = { disabled: 0, enabled: 1, goal: 2, auto: 6, 'auto-enabled': 7 };

const wireVersion = ({ major, minor, build }: Version): object => ({ major, minor, build, class: 'Version' });

export const permissions = ({ options }: RoomContext): object => ({
  release: PERMISSION[options.releaseMode],
  remaining: PERMISSION[options.remainingMode],
  collect: PERMISSION[options.collectMode],
});

/** The first message of every connection. */
export const roomInfo = (room: RoomContext): Packet => {
  const { definition, options, surroundings } = room;
  const games = [...definition.games];
  return {
    cmd: 'RoomInfo',
    password: options.password !== undefined,
    games: games.map(([name]) => name),
    tags: definition.tags,
    version: wireVersion(PROTOCOL_VERSION),
    generator_version: wireVersion(definition.generatorVersion),
    permissions: permissions(room),
    hint_cost: options.hintCost,
    location_check_points: options.locationCheckPoints,
    datapackage_checksums: new Map(games.map(([name, { checksum }]) => [name, checksum])),
    seed_name: definition.seed,
    time: new PyFloat(surroundings.clock.now() / 1000),
  };
};

/** Every slot, groups included, as `Connected` and alias changes list them. */
export const networkPlayers = (room: RoomContext): readonly object[] =>
  [...room.definition.slots.values()].map(({ slot, name }) => ({
    team: 0,
    slot,
    alias: room.nameOf(slot),
    name,
    class: 'NetworkPlayer',
  }));

/** Tells everybody the names to show. */
export const sendAliases = (room: RoomContext): void =>
  room.outbox.post(room.loggedIn(), [{ cmd: 'RoomUpdate', players: networkPlayers(room) }]);

/** The tables of one game without its groups: clients read those from data storage. */
const packageOf = (room: RoomContext, name: string): object => {
  const game = room.game(name);
  return {
    item_name_to_id: game?.items ?? {},
    location_name_to_id: game?.locations ?? {},
    checksum: game?.checksum,
  };
};

/** Answers with the data packages of the games that pass; unknown ones are left out. */
export const sendDataPackage = (room: RoomContext, client: Client, wanted: (game: string) => boolean): void => {
  const games = [...room.definition.games.keys()].filter(wanted).map((name) => [name, packageOf(room, name)] as const);
  room.outbox.reply(client, { cmd: 'DataPackage', data: { games: new Map(games) } });
};
