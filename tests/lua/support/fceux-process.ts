import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LineSocket } from '../../conformance/connector/line-socket.js';
import { ROOT } from './paths.js';

/** Where Debian puts games is not on every user's path. */
export const FCEUX_PATH = `${process.env['PATH'] ?? ''}:/usr/games`;

const START_MS = 30_000;

export interface FceuxOptions {
  readonly rom: string;
  readonly port: number;
  /** Lua that runs before our script, in the same state. */
  readonly before?: string;
  /** Folder for its saves and settings; a new one when absent. */
  readonly home?: string;
}

/** A real FCEUX under Xvfb with our connector in it. Disposing kills it. */
export class FceuxProcess implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #options: FceuxOptions;

  private constructor(process: ChildProcess, folder: string, options: FceuxOptions) {
    this.#process = process;
    this.#folder = folder;
    this.#options = options;
  }

  static async start(options: FceuxOptions): Promise<FceuxProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-fceux-'));
    const script = join(ROOT, 'lua/causeway-fceux.lua');
    const wrapper = join(folder, 'start.lua');
    // `dofile` would not do: Lua 5.1 cannot yield across it.
    await writeFile(wrapper, `${options.before ?? ''}\nassert(loadfile(${JSON.stringify(script)}))()\n`);
    const fceux = [
      'fceux',
      '--no-config',
      '1',
      '--sound',
      '0',
      '--loadlua',
      options.before ? wrapper : script,
      options.rom,
    ];
    const child = spawn('xvfb-run', ['-a', ...fceux], {
      env: { ...process.env, PATH: FCEUX_PATH, HOME: options.home ?? folder, CAUSEWAY_PORT: String(options.port) },
      stdio: 'ignore',
      // A group of its own, so that the emulator ends together with its screen.
      detached: true,
    });
    return new FceuxProcess(child, folder, options);
  }

  /** A greeted client, once the script listens. */
  async connect(): Promise<LineSocket> {
    const deadline = Date.now() + START_MS;
    for (;;) {
      try {
        return await LineSocket.greet(this.#options.port);
      } catch (error) {
        if (Date.now() > deadline || this.#process.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const exit = once(this.#process, 'exit');
    process.kill(-pid, 'SIGKILL');
    await exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
