import { createRetroArchDriver } from '@causeway/sni-bridge/retroarch';
import { describe } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { describeDeliveryFaults } from '../delivery/delivery-faults.js';
import { RETROARCH_PROBE, RetroArchConsole } from '../retroarch/retroarch.js';
import { DATAGRAM_FAULTS, DatagramProxy } from './datagram-proxy.js';
import { marshlight } from './marshlight.js';

describe.skipIf(!toolAvailable('retroarch', RETROARCH_PROBE))('real emulator', () => {
  describeDeliveryFaults({
    emulator: 'RetroArch (bsnes-mercury)',
    game: marshlight('lorom', 'hirom'),
    createDriver: createRetroArchDriver,
    start: (image) => RetroArchConsole.start(image),
    link: (console) => DatagramProxy.to(console),
    linkFaults: DATAGRAM_FAULTS,
    cannot: { 'power cycle': 'RetroArch has one kind of reset' },
  });
});
