import { createUsb2SnesDriver } from '@causeway/sni-bridge';
import { describe } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { describeDeliveryFaults } from '../delivery/delivery-faults.js';
import { RETROARCH_PROBE, RetroArchConsole } from '../retroarch/retroarch.js';
import { marshlight } from './marshlight.js';
import { servedBy } from './served-console.js';
import { WebSocketProxy } from './websocket-proxy.js';

describe.skipIf(!toolAvailable('retroarch', RETROARCH_PROBE))('real emulator', () => {
  describeDeliveryFaults({
    emulator: 'RetroArch behind our usb2snes server',
    game: marshlight('lorom'),
    createDriver: createUsb2SnesDriver,
    start: servedBy((image) => RetroArchConsole.start(image)),
    link: (console) => WebSocketProxy.to(console),
    cannot: { 'power cycle': 'RetroArch has one kind of reset' },
  });
});
