import type { Region } from '@causeway/bridge/device';
import { flaggedLocations } from '@causeway/bridge/game';
import { ITEMS, LOCATIONS } from './facts.js';
import { WRAM } from './memory-map.js';

/** What the game's own save says happened. */
export interface Progress {
  /** Ids of the chests that stand open, by flag. */
  readonly locations: readonly number[];
  /** Ids of the items in the bag, in the order in which they were taken. */
  readonly items: readonly number[];
}

const LOCATION_OF_FLAG = new Map(LOCATIONS.map(({ flag, id }) => [flag, id]));
const ITEM_OF_CODE = new Map(ITEMS.map(({ code, id }) => [code, id]));

/** The regions {@link readProgress} looks at. */
export const PROGRESS_REGIONS: readonly Region[] = [WRAM.chestFlags, WRAM.taken, WRAM.bag];

/**
 * Reads the save, for judges that compare it with a server's books. Item codes the game does not know become -1.
 *
 * @param bytesAt must return `region.size` bytes
 */
export const readProgress = (bytesAt: (region: Region) => Uint8Array): Progress => {
  const [taken = 0] = bytesAt(WRAM.taken);
  return {
    locations: flaggedLocations(bytesAt(WRAM.chestFlags), LOCATION_OF_FLAG),
    items: Array.from(bytesAt(WRAM.bag).subarray(0, taken), (code) => ITEM_OF_CODE.get(code) ?? -1),
  };
};
