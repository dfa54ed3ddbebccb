export { type MultiworldServer, type RestartOptions, type ServerOptions, startServer } from './multiworld-server.js';
export { readRoom, readRoomFile } from './room/read-room.js';
export type { Hint, Placement, RoomDefinition, RoomGame, RoomOptions, RoomSlot } from './room/room-definition.js';
export type { RoomEvent } from './room/room-event.js';
export type { RoomInspection } from './room/room-inspection.js';
export type { NetworkItem } from './room/room-state.js';
export type { Faults, FaultTarget } from './transport/faults.js';
