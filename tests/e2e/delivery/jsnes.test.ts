import { createBizHawkDriver } from '@causeway/bizhawk-bridge';
import { describeDeliveryFaults } from './delivery-faults.js';
import { startJsnesConsole } from './jsnes-console.js';
import { LinkProxy } from './link-proxy.js';
import { EMBERWALK } from './test-game.js';

describeDeliveryFaults({
  emulator: 'jsnes testbed',
  game: EMBERWALK,
  createDriver: createBizHawkDriver,
  start: startJsnesConsole,
  link: (console) => LinkProxy.to(console),
});
