export { startEmulator } from './emulator/emulator.js';
export type { Emulator, EmulatorOptions } from './emulator/emulator-options.js';
export { startServer } from './server/multiworld-server.js';
export type { MultiworldServer, ServerOptions } from './server/server-contract.js';
