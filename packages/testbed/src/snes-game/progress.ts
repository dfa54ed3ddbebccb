import type { Region } from '@causeway/bridge/device';
import { flaggedLocations } from '@causeway/bridge/game';
import type { Progress } from '../game/progress.js';
import { ITEMS, LOCATIONS } from './facts.js';
import { SAVE } from './memory-map.js';

const LOCATION_OF_FLAG = new Map(LOCATIONS.map(({ flag, id }) => [flag, id]));
const ITEM_OF_CODE = new Map(ITEMS.map(({ code, id }) => [code, id]));

/** The regions {@link readProgress} looks at. */
export const PROGRESS_REGIONS: readonly Region[] = [SAVE.chests, SAVE.taken, SAVE.bag];

/**
 * Reads the save, for judges that compare it with a server's books. Item codes the game does not know become -1.
 *
 * @param bytesAt must return `region.size` bytes
 */
export const readProgress = (bytesAt: (region: Region) => Uint8Array): Progress => {
  const [low = 0, high = 0] = bytesAt(SAVE.taken);
  return {
    locations: flaggedLocations(bytesAt(SAVE.chests), LOCATION_OF_FLAG),
    items: Array.from(bytesAt(SAVE.bag).subarray(0, low | (high << 8)), (code) => ITEM_OF_CODE.get(code) ?? -1),
  };
};
