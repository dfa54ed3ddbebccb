import { describeDeliveryFaults } from './delivery-faults.js';
import { startJsnesConsole } from './jsnes-console.js';

describeDeliveryFaults('jsnes testbed', startJsnesConsole);
