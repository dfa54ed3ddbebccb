import type { RoomDefinition, RoomGame, RoomSlot } from '@causeway/testbed/server';
import { readRoom } from '@causeway/testbed/server';
import { type Recording, roomText } from './recording.js';

interface RoomInfo {
  readonly games: readonly string[];
  readonly datapackage_checksums: Readonly<Record<string, string>>;
  readonly seed_name: string;
}

interface Connected {
  readonly slot: number;
  readonly missing_locations: readonly number[];
  readonly slot_info: Readonly<Record<string, { readonly name: string; readonly game: string; readonly type: number }>>;
  readonly slot_data: Readonly<Record<string, never>>;
}

interface ReceivedItems {
  readonly items: readonly { readonly item: number }[];
}

const find = <T>({ events }: Recording, dir: 'c2s' | 's2c', cmd: string): T => {
  const packets = events.filter(({ ev }) => ev === dir).flatMap(({ text }) => JSON.parse(text!) as { cmd: string }[]);
  return packets.find((packet) => packet.cmd === cmd) as T;
};

/**
 * As much of a room as its login shows, for the recording whose room file was not kept: names, games and checksums of all
 * slots, the locations, start inventory and slot data of the one that logs in, and the second name it logs in with. What lies where is
 * not known and not asked for in that recording.
 */
export const roomFromLogin = (recording: Recording): RoomDefinition => {
  const info = find<RoomInfo>(recording, 's2c', 'RoomInfo');
  const connected = find<Connected>(recording, 's2c', 'Connected');
  const { items } = find<ReceivedItems>(recording, 's2c', 'ReceivedItems');
  const { name: loginName } = find<{ name: string }>(recording, 'c2s', 'Connect');
  const template = readRoom(roomText('trio'));
  const slots = Object.entries(connected.slot_info).map(([number, { name, game, type }]): RoomSlot => {
    const slot = Number(number);
    const own = slot === connected.slot;
    const places = own ? connected.missing_locations : [];
    return {
      ...template.slots.get(2)!,
      slot,
      name,
      game,
      type,
      locations: new Map(places.map((location) => [location, { item: 1, receiver: slot, flags: 0 }])),
      startItems: own ? items.map(({ item }) => item) : [],
      slotData: new Map(own ? Object.entries(connected.slot_data) : []),
    };
  });
  const games = info.games.map((game): [string, RoomGame] => [
    game,
    { ...template.games.get('APQuest')!, checksum: info.datapackage_checksums[game]! },
  ]);
  return {
    ...template,
    seed: info.seed_name,
    games: new Map(games),
    slots: new Map(slots.map((slot) => [slot.slot, slot])),
    connectNames: new Map([...slots.map(({ name, slot }) => [name, slot] as const), [loginName, connected.slot]]),
    startHints: [],
  };
};
