export {
  DATA_PACKAGE,
  EMBERS_NEEDED,
  GAME,
  ITEMS,
  type ItemFact,
  LOCATIONS,
  type LocationFact,
  ROOMS,
} from './facts.js';
export * as memory from './memory-map.js';
