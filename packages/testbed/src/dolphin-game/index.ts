export { COGS_NEEDED, DATA_PACKAGE, GAME, ITEMS, LOCATIONS, type LocationFact, STAGES } from './facts.js';
export { type IdentReading, type ProgramIdent, readIdent } from './identification.js';
export {
  BAG_SIZE,
  COMMANDS,
  DISC_ID,
  type DolphinBuild,
  FREE,
  GAME_IDS,
  IDENT,
  MAGIC,
  MEM1_BASE,
  PLACES,
  PLAYER,
  SCENES,
  STATE,
  STATS,
  TYPES,
  UNKNOWN_ITEM,
} from './memory-map.js';
export { module, type RillgateState } from './module.js';
export { dolphinProgramPath, readDolphinProgram } from './program-file.js';
export { PROGRESS_REGIONS, readProgress } from './progress.js';
export { stampProgram } from './stamp-program.js';
