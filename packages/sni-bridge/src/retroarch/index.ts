export type { DatagramHandlers, DatagramSocket, DatagramSocketFactory } from './datagram-socket.js';
export { createRetroArchDriver } from './retroarch-driver.js';
export type { RetroArchOptions, RetroArchTimes } from './retroarch-options.js';
