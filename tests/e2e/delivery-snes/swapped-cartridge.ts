import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LaunchedRetroArch, launchRetroArch } from '@causeway/sni-bridge/retroarch';
import { endsWithUs } from '../../support/ends-with-us.js';
import { freeUdpPort } from '../../support/free-port.js';
import { SNES_CORE } from '../retroarch/retroarch.js';

/** A RetroArch in which one file of a game is replaced by another of the same name, as players do with the next seed's. */
export class SwappedCartridge implements AsyncDisposable {
  readonly uri: string;
  readonly #folder: string;
  readonly #port: number;
  #running: LaunchedRetroArch | undefined;
  #guard: Disposable | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
    this.uri = `retroarch://127.0.0.1:${port}`;
  }

  static async start(image: Uint8Array): Promise<SwappedCartridge> {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-retroarch-'));
    const cartridge = new SwappedCartridge(folder, await freeUdpPort());
    await cartridge.#launch(image);
    return cartridge;
  }

  /** Quits, puts `image` in the place of the file, starts again: on the save of the one before. */
  async swap(image: Uint8Array): Promise<void> {
    await this.#running?.stop();
    this.#guard?.[Symbol.dispose]();
    await this.#launch(image);
  }

  async #launch(image: Uint8Array): Promise<void> {
    const content = join(this.#folder, 'game.sfc');
    await writeFile(content, image);
    const port = this.#port;
    this.#running = await launchRetroArch({ content, core: SNES_CORE, folder: this.#folder, port, headless: true });
    this.#guard = endsWithUs(this.#running.pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running?.kill();
    this.#guard?.[Symbol.dispose]();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
