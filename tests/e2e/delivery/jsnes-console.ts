import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '@causeway/testbed/emulator';
import { freePort } from '../../support/free-port.js';
import type { ConsoleFactory, TestConsole } from './test-console.js';

/** Faster than a NES, slow enough for everything to happen between frames. */
const FRAMES_PER_SECOND = 240;

class JsnesConsole implements TestConsole {
  readonly uri: string;
  readonly #port: number;
  readonly #rom: Uint8Array;
  readonly #folder: string;
  #emulator: Emulator | undefined;
  #state: Uint8Array | undefined;

  constructor(rom: Uint8Array, port: number, folder: string) {
    this.#rom = rom;
    this.uri = `bizhawk://127.0.0.1:${port}`;
    this.#port = port;
    this.#folder = folder;
  }

  get #running(): Emulator {
    if (!this.#emulator) throw new Error('The emulator does not run.');
    return this.#emulator;
  }

  async start(): Promise<void> {
    this.#emulator = await startEmulator({
      rom: this.#rom,
      port: this.#port,
      fps: FRAMES_PER_SECOND,
      savePath: join(this.#folder, 'game.sav'),
    });
    await this.#emulator.ready;
  }

  async saveState(): Promise<void> {
    this.#state = this.#running.saveState();
  }

  async loadState(): Promise<void> {
    if (!this.#state) throw new Error('No state was saved.');
    this.#running.loadState(this.#state);
  }

  async softReset(): Promise<void> {
    this.#running.softReset();
  }

  async powerCycle(): Promise<void> {
    this.#running.powerCycle();
  }

  async pause(): Promise<void> {
    this.#running.pause();
  }

  async resume(): Promise<void> {
    this.#running.resume();
  }

  async kill(): Promise<void> {
    await this.#running.kill();
    this.#emulator = undefined;
  }

  async quit(): Promise<void> {
    await this.#running.close();
    this.#emulator = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#emulator?.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The embedded emulator: jsnes with our connector, unchanged, in a Lua of its own. */
export const startJsnesConsole: ConsoleFactory = async (rom) => {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-jsnes-'));
  const console = new JsnesConsole(rom, await freePort(), folder);
  await console.start();
  return console;
};
