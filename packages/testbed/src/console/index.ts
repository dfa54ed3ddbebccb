export type { ConsoleOptions, ConsolePorts, RunningConsole, ServedAs, Usb2SnesPersonality } from './console-options.js';
export { CONSOLE_FAULTS, type ConsoleFault, type FaultSwitches, isConsoleFault } from './faults.js';
export { type ConsoleState, SnesConsole } from './snes-console.js';
export { type Cartridge, openCartridge, type SnesMemory } from './snes-memory.js';
export { SNES_FRAMES_PER_SECOND, startConsole } from './start-console.js';
