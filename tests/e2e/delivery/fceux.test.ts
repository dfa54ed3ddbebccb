import { createBizHawkDriver } from '@causeway/bizhawk-bridge';
import { afterAll, beforeAll, describe } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { FCEUX_PROBE } from '../fceux/fceux.js';
import { startVirtualDisplay, type VirtualDisplay } from '../fceux/virtual-display.js';
import { describeDeliveryFaults } from './delivery-faults.js';
import { fceuxConsoles } from './fceux-console.js';
import { LinkProxy } from './link-proxy.js';
import { EMBERWALK } from './test-game.js';

describe.skipIf(!toolAvailable('fceux', FCEUX_PROBE))('real emulator', () => {
  let display: VirtualDisplay;
  beforeAll(async () => {
    display = await startVirtualDisplay();
  });
  afterAll(() => display[Symbol.asyncDispose]());

  describeDeliveryFaults({
    emulator: 'FCEUX',
    game: EMBERWALK,
    createDriver: createBizHawkDriver,
    start: fceuxConsoles(() => display),
    link: (console) => LinkProxy.to(console),
  });
});
