import {
  buildCartridge,
  type CartridgeMapping,
  DATA_PACKAGE,
  GAME,
  module,
  PROGRESS_REGIONS,
  readProgress,
} from '@causeway/testbed/snes-game';
import type { Stamp, TestGame } from '../delivery/test-game.js';

/** So that some chests are opened while things go wrong, and some are left. */
const AUTOPLAY_FRAMES = 40;

const cartridge =
  (mapping: CartridgeMapping) =>
  (stamp: Stamp): Uint8Array =>
    buildCartridge({ ...stamp, mapping, autoplay: AUTOPLAY_FRAMES });

/** Marshlight on cartridges of these kinds. */
export const marshlight = (...mappings: readonly CartridgeMapping[]): TestGame => ({
  game: GAME,
  module,
  items: DATA_PACKAGE.item_name_to_id,
  locations: DATA_PACKAGE.location_name_to_id,
  gifts: ['Reed', 'Berry', 'Flute'],
  images: Object.fromEntries(
    mappings.map((mapping) => [`counter advanced by the game, ${mapping}`, cartridge(mapping)]),
  ),
  progressRegions: PROGRESS_REGIONS,
  readProgress,
});
