export {
  buildCartridge,
  CARTRIDGE_MAPPINGS,
  type CartridgeMapping,
  type CartridgeOptions,
  readBlock,
} from './cartridge.js';
export { DATA_PACKAGE, GAME, ITEMS, LOCATIONS, type LocationFact, SPARKS_NEEDED, STAGES } from './facts.js';
export { type CartridgeIdent, IDENT_SIZE, type IdentReading, readIdent } from './identification.js';
export {
  BAG_SIZE,
  COMMANDS,
  MAGIC,
  MODES,
  PATTERN,
  SAVE,
  SAVE_MAGIC,
  SRAM_SIZE,
  STATE,
  UNKNOWN_ITEM,
} from './memory-map.js';
export { module } from './module.js';
export { PROGRESS_REGIONS, readProgress } from './progress.js';
