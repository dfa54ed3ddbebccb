export { bundledConnector, bundledGame } from './bundled-files.js';
export { startEmulator } from './emulator.js';
export type { Emulator, EmulatorOptions, EmulatorTransport, FrameRate } from './emulator-options.js';
export type { Button, Machine, MemoryDomain, Picture, RomFacts } from './machine.js';
export { type Fill, MemoryMachine, type MemoryMachineOptions } from './memory-machine.js';
export { NesMachine } from './nes-machine.js';
export { NES_FRAMES_PER_SECOND } from './pacing.js';
export { encodePng } from './png.js';
export type { Script } from './script-files.js';
