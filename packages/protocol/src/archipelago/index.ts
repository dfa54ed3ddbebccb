export {
  hostAndPort,
  isPrivateHost,
  parseServerAddress,
  type Scheme,
  type ServerAddress,
  schemesOf,
  socketUrl,
} from './address.js';
export {
  Bounce,
  ClientPacket,
  Connect,
  ConnectUpdate,
  CreateHints,
  Get,
  GetDataPackage,
  LocationChecks,
  LocationScouts,
  Say,
  SetNotify,
  SetOperation,
  SetPacket,
  StatusUpdate,
  Sync,
  UpdateHint,
} from './client-packets.js';
export {
  type Decoded,
  decodeClientMessage,
  decodeServerMessage,
  encodeClientMessage,
  encodeClientPacket,
  encodeServerMessage,
} from './codec.js';
export {
  ClientStatus,
  CORE_GAME,
  DEFAULT_PORT,
  HintStatus,
  ItemFlag,
  ItemsHandling,
  MAX_CLIENT_MESSAGE_BYTES,
  NON_GAME_TAGS,
  Permission,
  PROTOCOL_VERSION,
  REFUSALS,
  type Refusal,
  SERVER_SLOT,
  SlotType,
  SpecialLocation,
  Tag,
} from './enumerations.js';
export { isJsonObject, type Json, type JsonObject } from './json.js';
export { categoryOf, type MessageCategory } from './message-category.js';
export {
  ansiText,
  plainText,
  renderText,
  TEXT_COLORS,
  type TextColor,
  type TextKind,
  type TextNames,
  type TextPart,
  type TextStyle,
} from './message-text.js';
export { type PackedMessages, packMessages } from './pack-messages.js';
export { parsePythonJson, type WriteOptions, writePythonJson } from './python-json.js';
export {
  Bounced,
  Connected,
  ConnectionRefused,
  DataPackage,
  InvalidPacket,
  LocationInfo,
  PRINT_TYPES,
  Print,
  PrintJSON,
  ReceivedItems,
  Retrieved,
  RoomInfo,
  RoomUpdate,
  ServerPacket,
  SetReply,
} from './server-packets.js';
export { type StripOptions, stripControls } from './strip-controls.js';
export {
  GameData,
  Hint,
  MessagePart,
  NetworkItem,
  NetworkPlayer,
  NetworkSlot,
  Permissions,
  Version,
} from './wire-types.js';
