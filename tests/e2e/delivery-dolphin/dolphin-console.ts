import type { Driver } from '@causeway/bridge/device';
import { STATE } from '@causeway/testbed/dolphin-game';
import type { ConsoleFactory, TestConsole } from '../delivery/test-console.js';
import { Dolphin } from '../dolphin/dolphin.js';
import { GuestMemory } from '../dolphin/guest-memory.js';
import { until } from '../dolphin/until.js';
import { startVirtualDisplay, type VirtualDisplay } from '../fceux/virtual-display.js';

/** Consoles of this suite by the name they are opened with, which stays while the process behind it changes. */
const running = new Map<string, Dolphin>();
let started = 0;

/** A driver that opens the console of a name in whichever process it runs now, however many there are on the machine. */
export const openingByName = (driver: Driver): Driver => ({
  ...driver,
  open: (target, options) => driver.open(running.get(target ?? '')?.uri ?? target, options),
});

class DolphinConsole implements TestConsole {
  readonly uri: string;
  readonly #dolphin: Dolphin;
  readonly #display: VirtualDisplay;

  constructor(dolphin: Dolphin, display: VirtualDisplay) {
    this.uri = `console ${++started}`;
    this.#dolphin = dolphin;
    this.#display = display;
    running.set(this.uri, dolphin);
  }

  async saveState(): Promise<void> {
    await this.#dolphin.press('shift+F1');
    await this.#dolphin.savedState();
  }

  async loadState(): Promise<void> {
    using memory = GuestMemory.of(this.#dolphin.pid);
    const before = memory.get(STATE.frame);
    await this.#dolphin.press('F1');
    await until(() => memory.get(STATE.frame) < before, 'The older state');
  }

  async softReset(): Promise<void> {
    using memory = GuestMemory.of(this.#dolphin.pid);
    await memory.command('softReset');
  }

  /** Dolphin has no such button for a bare program: it is switched off, and on again. */
  async powerCycle(): Promise<void> {
    await this.quit();
    await this.start();
  }

  pause(): Promise<void> {
    return this.#dolphin.press('F10');
  }

  resume(): Promise<void> {
    return this.#dolphin.press('F10');
  }

  kill(): Promise<void> {
    return this.#dolphin.kill();
  }

  quit(): Promise<void> {
    return this.#dolphin.quit();
  }

  start(): Promise<void> {
    return this.#dolphin.launch();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    running.delete(this.uri);
    await this.#dolphin[Symbol.asyncDispose]();
    await this.#display[Symbol.asyncDispose]();
  }
}

/** The real Dolphin as Debian ships it, in a window of its own: states are loaded by its keys. */
export const startDolphinConsole: ConsoleFactory = async (program) => {
  const display = await startVirtualDisplay();
  try {
    return new DolphinConsole(await Dolphin.start({ program, display }), display);
  } catch (error) {
    await display[Symbol.asyncDispose]();
    throw error;
  }
};
