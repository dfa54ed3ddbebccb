import { type ConsoleOptions, type ConsoleState, type RunningConsole, startConsole } from '@causeway/testbed/console';
import type { ConsoleFactory, TestConsole } from '../delivery/test-console.js';

/** Faster than a SNES, slow enough for everything to happen between frames. */
const FRAMES_PER_SECOND = 480;

export type DoorName = 'usb2snes' | 'retroarch' | 'nwa' | 'grpc';

const SCHEME: Readonly<Record<DoorName, string>> = {
  usb2snes: 'usb2snes',
  retroarch: 'retroarch',
  nwa: 'nwa',
  grpc: 'sni',
};

/** Opens the console through one of its doors. */
export const uriOf = ({ ports }: RunningConsole, door: DoorName): string =>
  `${SCHEME[door]}://127.0.0.1:${ports[door]}`;

class VirtualConsole implements TestConsole {
  readonly uri: string;
  readonly #running: RunningConsole;
  #state: ConsoleState | undefined;

  constructor(running: RunningConsole, door: DoorName) {
    this.#running = running;
    this.uri = uriOf(running, door);
  }

  async saveState(): Promise<void> {
    this.#state = this.#running.console.saveState();
  }

  async loadState(): Promise<void> {
    if (!this.#state) throw new Error('No state was saved.');
    this.#running.console.loadState(this.#state);
  }

  async softReset(): Promise<void> {
    this.#running.console.reset();
  }

  async powerCycle(): Promise<void> {
    this.#running.console.powerCycle();
  }

  async pause(): Promise<void> {
    this.#running.console.pause();
  }

  async resume(): Promise<void> {
    this.#running.console.resume();
  }

  kill(): Promise<void> {
    return this.#running.kill();
  }

  quit(): Promise<void> {
    return this.#running.quit();
  }

  start(): Promise<void> {
    return this.#running.restart();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running[Symbol.asyncDispose]();
  }
}

/** The console of the testbed, reached through one of its doors. */
export const virtualConsole =
  (door: DoorName, options: ConsoleOptions = {}): ConsoleFactory =>
  async (rom) => {
    const running = await startConsole({ rom, name: 'Marshlight', [door]: 0, fps: FRAMES_PER_SECOND, ...options });
    return new VirtualConsole(running, door);
  };
