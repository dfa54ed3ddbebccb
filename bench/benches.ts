import { checkLatency } from './check-latency.js';
import { connectorScript } from './connector-script.js';
import type { Bench } from './contract.js';
import { dolphinMemory } from './dolphin-memory.js';
import { itemFlood } from './item-flood.js';
import { pollingCost } from './polling-cost.js';
import { roomLogin } from './room-login.js';
import { snesDrivers } from './snes-drivers.js';
import { startUp } from './start-up.js';

/** In the order in which they run. */
export const BENCHES: readonly Bench[] = [
  checkLatency,
  pollingCost,
  connectorScript,
  startUp,
  roomLogin,
  itemFlood,
  snesDrivers,
  dolphinMemory,
];
