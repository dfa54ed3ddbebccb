export { startServer } from './multiworld-server.js';
export { describeEvent } from './room/event-text.js';
export { type Playthrough, playThrough } from './room/logic.js';
export { readRoom, readRoomFile } from './room/read-room.js';
export type {
  Hint,
  Placement,
  RoomDefinition,
  RoomGame,
  RoomOptions,
  RoomSlot,
  SlotLogic,
} from './room/room-definition.js';
export type { RoomEvent } from './room/room-event.js';
export type { RoomInspection } from './room/room-inspection.js';
export type { NetworkItem } from './room/room-state.js';
export {
  type PartnerEvent,
  type PartnerOptions,
  type ScriptedPartner,
  startPartner,
} from './scripted-partner.js';
export type { MultiworldServer, RestartOptions, ServerOptions } from './server-contract.js';
export type { Faults, FaultTarget } from './transport/faults.js';
