export { type CacheFile, type CacheFiles, diskFiles } from './cache-files.js';
export { type CacheFolders, cacheFolders, type Machine, thisMachine } from './cache-folders.js';
export type { BounceTarget, HintWishes, MultiworldClient } from './client-contract.js';
export type {
  Death,
  Multiworld,
  MultiworldEvent,
  MultiworldStatus,
  Rings,
  StorageOperation,
  Trap,
} from './contract.js';
export { type DataPackageStore, memoryDataPackages } from './data-packages.js';
export { type DiskDataPackages, type DiskDataPackagesOptions, diskDataPackages } from './data-packages-disk.js';
export type { SharedEnergy } from './energy-link.js';
export type { HintChange, RoomHint } from './hint-list.js';
export { keptOnDisk } from './kept-on-disk.js';
export { machineUuid } from './machine-uuid.js';
export { openMultiworld } from './open-multiworld.js';
export type { MultiworldOptions, PasswordSource } from './options.js';
export type { CallOptions } from './pending-requests.js';
export type { Json, NameLists, ReceivedItem, Room, RoomNames, RoomPlayer } from './room.js';
export type { Fetch } from './room-page.js';
export type { RoomDetails } from './room-state.js';
export type { ScoutOptions } from './scouts.js';
export type { Socket, SocketClose, SocketFactory, SocketHandlers } from './socket.js';
export type { StoredValue, WatchListener } from './storage.js';
export { wsSocket, wsSocketTrusting } from './ws-socket.js';
