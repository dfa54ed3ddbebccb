import type { SnesMemory } from './snes-memory.js';

/** What runs on the console, scripted: it changes memory, and knows nothing else. */
export interface Program {
  /** From the reset vector until the screen comes on. Work RAM holds what was in it before. */
  boot(memory: SnesMemory): void;
  /** One vertical blank. */
  frame(memory: SnesMemory): void;
}
