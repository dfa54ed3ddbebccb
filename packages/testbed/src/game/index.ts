export {
  DATA_PACKAGE,
  EMBERS_NEEDED,
  GAME,
  ITEMS,
  LOCATIONS,
  type LocationFact,
  ROOMS,
} from './facts.js';
export type { ItemFact } from './game-facts.js';
export { gameRomPath, readGameRom } from './game-rom.js';
export { type DeliveryModel, type IdentReading, type RomIdent, readIdent } from './identification.js';
export { BAG_SIZE, DEATH_CAUSES, IDENT, INES_HEADER_SIZE, RAM, STATES, UNKNOWN_ITEM, WRAM } from './memory-map.js';
export { type EmberwalkState, module } from './module.js';
export { PROGRESS_REGIONS, type Progress, readProgress } from './progress.js';
export { type StampOptions, stampRom } from './stamp-rom.js';
