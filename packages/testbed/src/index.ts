export { type Emulator, type EmulatorOptions, startEmulator } from './emulator/index.js';
