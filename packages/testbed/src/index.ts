export { startEmulator } from './emulator/emulator.js';
export type { Emulator, EmulatorOptions } from './emulator/emulator-options.js';
export { type MultiworldServer, type ServerOptions, startServer } from './server/multiworld-server.js';
