import { Fceux } from '../fceux/fceux.js';
import type { VirtualDisplay } from '../fceux/virtual-display.js';
import type { ConsoleFactory } from './test-console.js';

/** The real FCEUX as Debian ships it, with the script a player would load. */
export const fceuxConsoles =
  (display: () => VirtualDisplay): ConsoleFactory =>
  async (rom) => {
    const fceux = await Fceux.start(rom, display());
    const press = (command: string) => async (): Promise<void> => void (await fceux.press(command));
    return {
      uri: `bizhawk://127.0.0.1:${fceux.port}`,
      saveState: press('save a'),
      loadState: press('load a'),
      softReset: press('softreset'),
      powerCycle: press('power'),
      pause: press('pause'),
      resume: press('resume'),
      kill: () => fceux.kill(),
      quit: () => fceux.quit(),
      start: () => fceux.launch(),
      [Symbol.asyncDispose]: () => fceux[Symbol.asyncDispose](),
    };
  };
