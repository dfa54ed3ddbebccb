// For whoever brings another way to the memory, or another way of finding Dolphins.
export type { ArenaAccess, ArenaEnding } from './access/arena-access.js';
export type { DolphinArena, DolphinSighting, DolphinSource, Sightings } from './access/dolphin-source.js';
export { createDolphinDriver } from './dolphin-driver.js';
export type { DolphinOptions, DolphinTimes } from './dolphin-options.js';
export type { DolphinExit } from './launch/dolphin-process.js';
export type { DolphinBuild } from './launch/find-program.js';
export type { DolphinConfig } from './launch/launch-arguments.js';
export { type LaunchedDolphin, type LaunchOptions, launchDolphin } from './launch/launch-dolphin.js';
export type { LinuxWay } from './linux/linux-source.js';
export { followPointers, type PointerEnd, readPointers } from './pointer-chain.js';
export { type MemorySnapshot, snapshotMemory } from './snapshot-memory.js';
