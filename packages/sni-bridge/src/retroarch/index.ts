export type { DatagramHandlers, DatagramSocket, DatagramSocketFactory } from './datagram-socket.js';
export {
  type LaunchedRetroArch,
  type LaunchRetroArchOptions,
  launchRetroArch,
  type ProcessEnd,
} from './launch-retroarch.js';
export { createRetroArchDriver } from './retroarch-driver.js';
export type { RetroArchOptions, RetroArchTimes } from './retroarch-options.js';
