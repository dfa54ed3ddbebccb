export {
  type BusOptions,
  busOf,
  busOfFxPakPro,
  fxPakProOfBus,
  placeOfBus,
  SNES_MAPPINGS,
  type SnesMapping,
} from './bus.js';
export {
  COPIER_HEADER_SIZE,
  chooseSnesHeader,
  findSnesHeader,
  hasCopierHeader,
  MIN_SCORE,
  parseSnesHeader,
  SNES_HEADER_OFFSETS,
  SNES_HEADER_SIZE,
  type SnesCoprocessor,
  type SnesHeader,
  type SnesHeaderOffset,
} from './header.js';
export { FX_PAK_PRO, fxPakProOf, placeOfFxPakPro, type SnesArea, type SnesPlace, WRAM_SIZE } from './place.js';
