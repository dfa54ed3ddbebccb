import type { Connected, GameData, Json, NetworkItem, RoomInfo } from '@causeway/protocol/archipelago';
import type { LibraryClient } from './library-client.js';

/** What the library knows of a room, said again as the server would say it. */

/** The greeting. Checksums are those of packages the library holds; where it holds none, any text stands for the one it lacks. */
export const greetingOf = ({ room, package: packages }: LibraryClient): RoomInfo => ({
  cmd: 'RoomInfo',
  version: room.serverVersion,
  generator_version: room.generatorVersion,
  tags: [...room.tags],
  password: room.password,
  permissions: room.permissions as NonNullable<RoomInfo['permissions']>,
  hint_cost: room.hintCostPercentage,
  location_check_points: room.locationCheckPoints,
  games: [...room.games],
  datapackage_checksums: Object.fromEntries(
    room.games.map((game) => [game, packages.findPackage(game)?.checksum ?? 'not fetched']),
  ),
  seed_name: room.seedName,
  time: 0,
});

export const loginOf = ({ room, players }: LibraryClient, slotData: Readonly<Record<string, Json>>): Connected => {
  const { team, slot } = players.self;
  return {
    cmd: 'Connected',
    team,
    slot,
    players: Object.entries(players.slots).map(([key, { name }]) => ({
      team,
      slot: Number(key),
      name,
      alias: aliasOf(players, Number(key)) ?? name,
    })),
    missing_locations: [...room.missingLocations],
    checked_locations: [...room.checkedLocations],
    slot_info: Object.fromEntries(
      Object.entries(players.slots).map(([key, info]) => [key, { ...info, group_members: [...info.group_members] }]),
    ),
    hint_points: room.hintPoints,
    slot_data: slotData,
  };
};

/** The library finds players it does not have, and fails when they are looked at. */
const aliasOf = (players: LibraryClient['players'], slot: number): string | undefined => {
  try {
    return players.findPlayer(slot)?.alias;
  } catch {
    return undefined;
  }
};

/** Received items as far as they are known without a hole: an index gap leaves holes in the library's list. */
export const itemsOf = ({
  items,
}: LibraryClient): { readonly known: readonly NetworkItem[]; readonly whole: boolean } => {
  const known: NetworkItem[] = [];
  const { received } = items;
  for (const entry of received) {
    const player = entry && senderOf(entry);
    if (!entry || player === undefined) return { known, whole: false };
    known.push({ item: entry.id, location: entry.locationId, player, flags: entry.flags });
  }
  return { known, whole: true };
};

const senderOf = (item: { readonly sender: { readonly slot: number } }): number | undefined => {
  try {
    return item.sender.slot;
  } catch {
    return undefined;
  }
};

/** A game's names, when the library holds them. */
export const namesOf = ({ package: packages }: LibraryClient, game: string): GameData | undefined => {
  const found = packages.findPackage(game);
  return found
    ? { item_name_to_id: found.itemTable, location_name_to_id: found.locationTable, checksum: found.checksum }
    : undefined;
};
