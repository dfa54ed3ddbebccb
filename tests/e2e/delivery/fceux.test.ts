import { afterAll, beforeAll, describe } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { FCEUX_PROBE } from '../fceux/fceux.js';
import { startVirtualDisplay, type VirtualDisplay } from '../fceux/virtual-display.js';
import { describeDeliveryFaults } from './delivery-faults.js';
import { fceuxConsoles } from './fceux-console.js';

describe.skipIf(!toolAvailable('fceux', FCEUX_PROBE))('real emulator', () => {
  let display: VirtualDisplay;
  beforeAll(async () => {
    display = await startVirtualDisplay();
  });
  afterAll(() => display[Symbol.asyncDispose]());

  describeDeliveryFaults(
    'FCEUX',
    fceuxConsoles(() => display),
  );
});
