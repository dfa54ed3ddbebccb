import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LaunchedRetroArch, launchRetroArch } from '@causeway/sni-bridge/retroarch';
import { endsWithUs } from '../../support/ends-with-us.js';
import { freeUdpPort } from '../../support/free-port.js';
import type { TestConsole } from '../delivery/test-console.js';
import { RemoteControl } from './remote-control.js';

/** What `toolAvailable` runs to see whether RetroArch is there. */
export const RETROARCH_PROBE = ['retroarch', '--version'] as const;
export const SNES_CORE = 'bsnes_mercury_performance';
/** A look is a frame. */
const LOOKS = 15;
const PRESSES = 5;

interface Place {
  readonly folder: string;
  readonly content: string;
  readonly core: string;
  readonly port: number;
}

/** The real RetroArch without a screen, in a folder and on a port of its own. */
export class RetroArchConsole implements TestConsole {
  readonly uri: string;
  readonly #place: Place;
  readonly #remote: RemoteControl;
  #running: LaunchedRetroArch | undefined;
  #guard: Disposable | undefined;

  private constructor(place: Place) {
    this.#place = place;
    this.uri = `retroarch://127.0.0.1:${place.port}`;
    this.#remote = new RemoteControl(place.port);
  }

  /** @param name of the content's file, with its suffix */
  static async start(image: Uint8Array, core = SNES_CORE, name = 'game.sfc'): Promise<RetroArchConsole> {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-retroarch-'));
    const content = join(folder, name);
    await writeFile(content, image);
    const console = new RetroArchConsole({ folder, content, core, port: await freeUdpPort() });
    await console.start();
    return console;
  }

  get port(): number {
    return this.#place.port;
  }

  async start(): Promise<void> {
    this.#running = await launchRetroArch({ ...this.#place, headless: true });
    this.#guard = endsWithUs(this.#running.pid);
  }

  saveState(): Promise<void> {
    return this.#remote.press('SAVE_STATE');
  }

  loadState(): Promise<void> {
    return this.#remote.press('LOAD_STATE');
  }

  softReset(): Promise<void> {
    return this.#remote.press('RESET');
  }

  /** RetroArch has one kind of reset. */
  powerCycle(): Promise<void> {
    return this.#remote.press('RESET');
  }

  pause(): Promise<void> {
    return this.#become('paused');
  }

  resume(): Promise<void> {
    return this.#become('playing');
  }

  /** The key says nothing of what came of it: of 200 games paused and soon let go on, one stayed paused after a key each. */
  async #become(wanted: 'paused' | 'playing'): Promise<void> {
    const isSo = async (): Promise<boolean> => (await this.#remote.status()).status.state === wanted;
    if (await isSo()) return;
    for (let press = 0; press < PRESSES; press++) {
      await this.#remote.press('PAUSE_TOGGLE');
      for (let look = 0; look < LOOKS; look++) if (await isSo()) return;
    }
    throw new Error(`RetroArch on port ${this.port} does not become ${wanted}.`);
  }

  /** As fast as it can from now on, or at the console's own speed again. */
  toggleFastForward(): Promise<void> {
    return this.#remote.press('FAST_FORWARD');
  }

  async kill(): Promise<void> {
    await this.#running?.kill();
    this.#ended();
  }

  async quit(): Promise<void> {
    await this.#running?.stop();
    this.#ended();
  }

  #ended(): void {
    this.#running = undefined;
    this.#guard?.[Symbol.dispose]();
    this.#guard = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#place.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
