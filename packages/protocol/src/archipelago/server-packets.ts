/** What the server says (`archipelago.md` §5). Read loosely: unknown fields pass, fields the server may leave out may be missing. */
import { z } from 'zod';
import { integer, json, jsonObject, list, loose } from './loose.js';
import {
  GameData,
  MessagePart,
  NetworkItem,
  NetworkItems,
  NetworkPlayer,
  NetworkSlot,
  Permissions,
  Version,
} from './wire-types.js';

const slotInfo = z.record(z.string(), NetworkSlot) as unknown as z.ZodType<
  Readonly<Record<string, NetworkSlot>>,
  Readonly<Record<string, z.input<typeof NetworkSlot>>>
>;
const checksums = z.record(z.string(), z.string()) as unknown as z.ZodType<
  Readonly<Record<string, string>>,
  Readonly<Record<string, string>>
>;

/** First message of every connection. */
export const RoomInfo = loose({
  cmd: z.literal('RoomInfo'),
  version: Version,
  generator_version: Version.optional(),
  tags: list(z.string()).optional(),
  password: z.boolean().default(false),
  permissions: Permissions.optional(),
  /** Percent of the slot's locations. */
  hint_cost: integer.optional(),
  location_check_points: integer.optional(),
  games: list(z.string()).optional(),
  datapackage_checksums: checksums.default({}),
  seed_name: z.string(),
  /** Seconds since the Unix epoch, by the server's clock. */
  time: z.number().optional(),
});
export type RoomInfo = z.infer<typeof RoomInfo>;

/** Login refused; the socket stays usable for another `Connect`. */
export const ConnectionRefused = loose({
  cmd: z.literal('ConnectionRefused'),
  errors: list(z.string()).default([]),
});
export type ConnectionRefused = z.infer<typeof ConnectionRefused>;

export const Connected = loose({
  cmd: z.literal('Connected'),
  team: integer,
  slot: integer,
  players: list(NetworkPlayer),
  missing_locations: list(integer),
  checked_locations: list(integer),
  /** By slot number as text. Slot 0, the server, is not in it. */
  slot_info: slotInfo,
  hint_points: integer.optional(),
  /** Absent when `Connect.slot_data` was false. */
  slot_data: jsonObject.optional().catch(undefined),
});
export type Connected = z.infer<typeof Connected>;

/** Entries of the received-item list from `index` on; 0 is the whole list. */
export const ReceivedItems = loose({
  cmd: z.literal('ReceivedItems'),
  index: integer,
  items: NetworkItems,
});
export type ReceivedItems = z.infer<typeof ReceivedItems>;

/** Answer to `LocationScouts`, in the order asked. `player` is the receiver. */
export const LocationInfo = loose({ cmd: z.literal('LocationInfo'), locations: NetworkItems });
export type LocationInfo = z.infer<typeof LocationInfo>;

/** Any subset of the fields of RoomInfo and Connected. `checked_locations` adds to a set, `players` replaces. */
export const RoomUpdate = loose({
  cmd: z.literal('RoomUpdate'),
  players: list(NetworkPlayer).optional(),
  slot_info: slotInfo.optional(),
  hint_points: integer.optional(),
  checked_locations: list(integer).optional(),
  missing_locations: list(integer).optional(),
  permissions: Permissions.optional(),
  hint_cost: integer.optional(),
  location_check_points: integer.optional(),
  password: z.boolean().optional(),
  tags: list(z.string()).optional(),
});
export type RoomUpdate = z.infer<typeof RoomUpdate>;

/** The values of `PrintJSON.type` that 0.6.7 sends. It may also be absent; unknown ones are plain text. */
export const PRINT_TYPES = [
  'ItemSend',
  'ItemCheat',
  'Hint',
  'Join',
  'Part',
  'Chat',
  'ServerChat',
  'Tutorial',
  'TagsChanged',
  'CommandResult',
  'AdminCommandResult',
  'Goal',
  'Release',
  'Collect',
  'Countdown',
] as const;

/** Text for people, in parts. Which further fields there are depends on `type`. */
export const PrintJSON = loose({
  cmd: z.literal('PrintJSON'),
  data: list(MessagePart),
  /** One of {@link PRINT_TYPES}, another text, or absent. */
  type: z.string().optional(),
  /** `ItemSend`, `ItemCheat`, `Hint`: the receiver, perhaps a group. */
  receiving: integer.optional(),
  /** `item.player` is the finder. */
  item: NetworkItem.optional(),
  /** `Hint` */
  found: z.boolean().optional(),
  team: integer.optional(),
  slot: integer.optional(),
  tags: list(z.string()).optional(),
  /** `Chat`, `ServerChat`: the raw text. */
  message: z.string().optional(),
  /** `Countdown`: seconds left, 0 is go. */
  countdown: integer.optional(),
});
export type PrintJSON = z.infer<typeof PrintJSON>;

/** Text of very old servers. */
export const Print = loose({ cmd: z.literal('Print'), text: z.string() });
export type Print = z.infer<typeof Print>;

const games = z.record(z.string(), GameData) as unknown as z.ZodType<
  Readonly<Record<string, GameData>>,
  Readonly<Record<string, GameData>>
>;

/** Names per game. Matched to a request by the games in it. */
export const DataPackage = loose({ cmd: z.literal('DataPackage'), data: loose({ games }) });
export type DataPackage = z.infer<typeof DataPackage>;

/** A Bounce that came round, with whatever its sender put in. */
export const Bounced = z.looseObject({
  cmd: z.literal('Bounced'),
  games: list(z.string()).optional().catch(undefined),
  slots: list(integer).optional().catch(undefined),
  tags: list(z.string()).optional().catch(undefined),
  data: json.optional(),
});
export type Bounced = z.infer<typeof Bounced>;

/** One of our packets was refused; the connection lives on. */
export const InvalidPacket = loose({
  cmd: z.literal('InvalidPacket'),
  /** `cmd` or `arguments`; more may come. */
  type: z.string(),
  original_cmd: z.string().nullish(),
  text: z.string().default(''),
});
export type InvalidPacket = z.infer<typeof InvalidPacket>;

/** Answer to `Get`, with the extra fields of the request echoed. */
export const Retrieved = z.looseObject({ cmd: z.literal('Retrieved'), keys: jsonObject });
export type Retrieved = z.infer<typeof Retrieved>;

/** A key was set. From a `_read_` key there is only `key` and `value`; else every field of the `Set` comes back. */
export const SetReply = z.looseObject({
  cmd: z.literal('SetReply'),
  key: z.string(),
  value: json,
  original_value: json.optional(),
  /** Who wrote. */
  slot: integer.optional(),
});
export type SetReply = z.infer<typeof SetReply>;

export const ServerPacket = z.discriminatedUnion('cmd', [
  RoomInfo,
  ConnectionRefused,
  Connected,
  ReceivedItems,
  LocationInfo,
  RoomUpdate,
  PrintJSON,
  Print,
  DataPackage,
  Bounced,
  InvalidPacket,
  Retrieved,
  SetReply,
]);
export type ServerPacket = z.infer<typeof ServerPacket>;
