import {
  DATA_PACKAGE,
  type DolphinBuild,
  GAME,
  module,
  PROGRESS_REGIONS,
  readDolphinProgram,
  readProgress,
  stampProgram,
} from '@causeway/testbed/dolphin-game';
import type { Stamp, TestGame } from '../delivery/test-game.js';

const image = (build: DolphinBuild, delivery: 'game' | 'client') => (stamp: Stamp) =>
  stampProgram(readDolphinProgram(build), { ...stamp, delivery });

/** Rillgate as the suites play it, each way of taking items on the consoles named for it. */
export const rillgate = (images: Readonly<Record<string, (stamp: Stamp) => Uint8Array>>): TestGame => ({
  game: GAME,
  module,
  items: DATA_PACKAGE.item_name_to_id,
  locations: DATA_PACKAGE.location_name_to_id,
  gifts: ['Pebble', 'Pear', 'Boots'],
  images,
  progressRegions: PROGRESS_REGIONS,
  readProgress,
});

export const GAMECUBE_IMAGES = {
  'numbered mailbox, counted by the game': image('gc', 'game'),
  'give array, counted by the client': image('gc', 'client'),
};
export const WII_IMAGES = { 'numbered mailbox, counted by the game': image('wii', 'game') };
