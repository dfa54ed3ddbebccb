export type { Death, Multiworld, MultiworldEvent, MultiworldStatus, StorageOperation } from './contract.js';
export type { Json, ReceivedItem, Room, RoomNames, RoomPlayer } from './room.js';
