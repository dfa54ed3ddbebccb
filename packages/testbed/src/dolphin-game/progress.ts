import type { Region } from '@causeway/bridge/device';
import { cellRegion, decodeCell } from '@causeway/bridge/game';
import type { Progress } from '../game/progress.js';
import { openChests } from './chests.js';
import { ITEMS } from './facts.js';
import { STATE } from './memory-map.js';

const ITEM_OF_CODE = new Map(ITEMS.map(({ code, id }) => [code, id]));
const [STAGE_CHESTS, TAKEN] = [cellRegion(STATE.stageChests), cellRegion(STATE.taken)];

/** The regions {@link readProgress} looks at. */
export const PROGRESS_REGIONS: readonly Region[] = [STAGE_CHESTS, TAKEN, STATE.chests, STATE.bag];

/**
 * Reads what the game says happened, for judges that compare it with a server's books. Item codes the game does not know
 * become -1.
 *
 * @param bytesAt must return `region.size` bytes
 */
export const readProgress = (bytesAt: (region: Region) => Uint8Array): Progress => {
  const taken = decodeCell(STATE.taken, bytesAt(TAKEN));
  return {
    locations: openChests(bytesAt(STATE.chests), decodeCell(STATE.stageChests, bytesAt(STAGE_CHESTS))),
    items: Array.from(bytesAt(STATE.bag).subarray(0, taken), (code) => ITEM_OF_CODE.get(code) ?? -1),
  };
};
