/** What a client says (`archipelago.md` §4). Reading is loose, for servers; a client sends exactly these fields. */
import { z } from 'zod';
import { integer, json, list, loose } from './loose.js';

/** Log in. Every field must be there, or the server drops the connection without a word. */
export const Connect = loose({
  cmd: z.literal('Connect'),
  password: z.string().nullable(),
  /** Empty or null only with a non-game tag. */
  game: z.string().nullable(),
  /** Slot name or another login name of the slot, such as the base64 of a ROM name. */
  name: z.string(),
  uuid: json,
  version: loose({ class: z.literal('Version'), major: integer, minor: integer, build: integer }),
  /** Bits of {@link ItemsHandling}. */
  items_handling: integer,
  tags: list(z.string()),
  slot_data: z.boolean().optional(),
});
export type Connect = z.infer<typeof Connect>;

export const ConnectUpdate = loose({
  cmd: z.literal('ConnectUpdate'),
  items_handling: integer.nullish(),
  tags: list(z.string()).nullish(),
});
export type ConnectUpdate = z.infer<typeof ConnectUpdate>;

/** Ask for the whole received-item list. */
export const Sync = loose({ cmd: z.literal('Sync') });
export type Sync = z.infer<typeof Sync>;

export const LocationChecks = loose({ cmd: z.literal('LocationChecks'), locations: list(integer) });
export type LocationChecks = z.infer<typeof LocationChecks>;

/** Ids outside the slot make the server drop the connection. */
export const LocationScouts = loose({
  cmd: z.literal('LocationScouts'),
  locations: list(integer),
  /** 1 announces all as hints, 2 only new ones. */
  create_as_hint: integer.optional(),
});
export type LocationScouts = z.infer<typeof LocationScouts>;

/** Since server 0.6.2. Ids outside the own slot make the server drop the connection. */
export const CreateHints = loose({
  cmd: z.literal('CreateHints'),
  locations: list(integer),
  player: integer.optional(),
  status: integer.optional(),
});
export type CreateHints = z.infer<typeof CreateHints>;

/** Since server 0.6.0; only the receiver may. `status` must be there. */
export const UpdateHint = loose({
  cmd: z.literal('UpdateHint'),
  player: integer,
  location: integer,
  status: integer.nullable(),
});
export type UpdateHint = z.infer<typeof UpdateHint>;

export const StatusUpdate = loose({ cmd: z.literal('StatusUpdate'), status: integer });
export type StatusUpdate = z.infer<typeof StatusUpdate>;

/** Printable characters only: no newline, no tab, no zero-width space. */
export const Say = loose({ cmd: z.literal('Say'), text: z.string() });
export type Say = z.infer<typeof Say>;

/** Allowed before login. Without `games` a self-hosted server sends every world it has. */
export const GetDataPackage = loose({ cmd: z.literal('GetDataPackage'), games: list(z.string()).optional() });
export type GetDataPackage = z.infer<typeof GetDataPackage>;

/** Reaches every connection of the team that matches any of the three lists, the sender included. */
export const Bounce = z.looseObject({
  cmd: z.literal('Bounce'),
  games: list(z.string()).optional(),
  slots: list(integer).optional(),
  tags: list(z.string()).optional(),
  data: json.optional(),
});
export type Bounce = z.infer<typeof Bounce>;

/** Extra fields are echoed: one of them serves as request id. */
export const Get = z.looseObject({ cmd: z.literal('Get'), keys: list(z.string()) });
export type Get = z.infer<typeof Get>;

/** One step of a `Set`. Both members must be there, also where the value is unused. */
export const SetOperation = loose({ operation: z.string(), value: json });
export type SetOperation = z.infer<typeof SetOperation>;

/** Extra fields come back in the SetReply; one named `slot` is overwritten. */
export const SetPacket = z.looseObject({
  cmd: z.literal('Set'),
  key: z.string(),
  default: json.optional(),
  want_reply: z.boolean().optional(),
  operations: list(SetOperation),
});
export type SetPacket = z.infer<typeof SetPacket>;

/** Watch keys; the current value is not sent. */
export const SetNotify = loose({ cmd: z.literal('SetNotify'), keys: list(z.string()) });
export type SetNotify = z.infer<typeof SetNotify>;

export const ClientPacket = z.discriminatedUnion('cmd', [
  Connect,
  ConnectUpdate,
  Sync,
  LocationChecks,
  LocationScouts,
  CreateHints,
  UpdateHint,
  StatusUpdate,
  Say,
  GetDataPackage,
  Bounce,
  Get,
  SetPacket,
  SetNotify,
]);
export type ClientPacket = z.infer<typeof ClientPacket>;
