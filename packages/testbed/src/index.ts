export { startEmulator } from './emulator/emulator.js';
export type { Emulator, EmulatorOptions } from './emulator/emulator-options.js';
