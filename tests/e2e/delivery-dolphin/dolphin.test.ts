import { createDolphinDriver } from '@causeway/dolphin-bridge';
import { describe } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { describeDeliveryFaults } from '../delivery/delivery-faults.js';
import { DOLPHIN_WINDOW_PROBE } from '../dolphin/dolphin.js';
import { GAMECUBE_IMAGES, rillgate, WII_IMAGES } from '../dolphin/rillgate.js';
import { openingByName, startDolphinConsole } from './dolphin-console.js';

const CONSOLES = { 'Dolphin (GameCube)': GAMECUBE_IMAGES, 'Dolphin (Wii)': WII_IMAGES };

describe.skipIf(!toolAvailable('dolphin', DOLPHIN_WINDOW_PROBE))('real emulator', () => {
  for (const [emulator, images] of Object.entries(CONSOLES)) {
    describeDeliveryFaults({
      emulator,
      game: rillgate(images),
      createDriver: () => openingByName(createDolphinDriver()),
      start: startDolphinConsole,
    });
  }
});
