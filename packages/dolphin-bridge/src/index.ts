export type { ArenaAccess, ArenaEnding } from './access/arena-access.js';
export type { DolphinArena, DolphinSighting, DolphinSource, Sightings } from './access/dolphin-source.js';
export { createDolphinDriver } from './dolphin-driver.js';
export type { DolphinOptions, DolphinTimes } from './dolphin-options.js';
export type { DolphinBuild, DolphinConfig, DolphinExit, LaunchedDolphin, LaunchOptions } from './launch/index.js';
export { launchDolphin } from './launch/index.js';
export type { LinuxWay } from './linux/linux-source.js';
export { followPointers, type PointerEnd, readPointers } from './pointer-chain.js';
export { type MemorySnapshot, snapshotMemory } from './snapshot-memory.js';
