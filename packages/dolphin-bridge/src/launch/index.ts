export type { DolphinExit } from './dolphin-process.js';
export type { DolphinBuild } from './find-program.js';
export type { DolphinConfig } from './launch-arguments.js';
export { type LaunchedDolphin, type LaunchLook, type LaunchOptions, launchDolphin } from './launch-dolphin.js';
export { checkImage, type ImageKind } from './program-image.js';
export type { LaunchedFamily, LaunchedGame } from './readiness.js';
export { type Way, type WayEvidence, type WayFacts, wantsGdb, waysFor } from './ways.js';
