import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/free-port.js';
import { RemoteControl } from './remote-control.js';
import type { VirtualDisplay } from './virtual-display.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const CONNECTOR = here('../../../lua/causeway-fceux.lua');
const REMOTE_CONTROL = here('./remote-control.lua');
// Debian keeps games out of the PATH of service users.
const PATH = `${process.env['PATH']}:/usr/games:/usr/local/games`;

/** Arguments that tell whether FCEUX and the display it needs are here. */
export const FCEUX_PROBE = ['sh', '-c', `PATH="${PATH}" && command -v fceux && command -v Xvfb`] as const;

/** One copy of the real FCEUX with our connector, the way a player loads it, and its own home folder. */
export class Fceux implements AsyncDisposable {
  readonly port: number;
  readonly #home: string;
  readonly #rom: string;
  readonly #display: VirtualDisplay;
  #process: ChildProcess | undefined;
  #control: RemoteControl | undefined;
  #output = '';

  private constructor(port: number, home: string, rom: string, display: VirtualDisplay) {
    this.port = port;
    this.#home = home;
    this.#rom = rom;
    this.#display = display;
  }

  static async start(rom: Uint8Array, display: VirtualDisplay, name = 'game'): Promise<Fceux> {
    const home = await mkdtemp(join(tmpdir(), 'causeway-fceux-'));
    await mkdir(join(home, 'runtime'), { mode: 0o700 });
    const path = join(home, `${name}.nes`);
    await writeFile(path, rom);
    const emulator = new Fceux(await freePort(), home, path, display);
    await emulator.launch();
    return emulator;
  }

  /** Starts the program; battery RAM is what the last run left in its home folder. */
  async launch(): Promise<void> {
    const controlPort = await freePort();
    const args = ['--no-config', '1', '--sound', '0', '--loadlua', REMOTE_CONTROL, this.#rom];
    const child = spawn('fceux', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH,
        HOME: this.#home,
        XDG_RUNTIME_DIR: join(this.#home, 'runtime'),
        DISPLAY: this.#display.name,
        CAUSEWAY_CONNECTOR: CONNECTOR,
        CAUSEWAY_PORT: String(this.port),
        CAUSEWAY_CONTROL: String(controlPort),
      },
    });
    this.#process = child;
    this.#output = '';
    const collect = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    try {
      this.#control = await RemoteControl.connect(controlPort, AbortSignal.timeout(20_000));
      await this.#control.send('ping');
    } catch (error) {
      await this.kill();
      throw new Error(`FCEUX did not come up. Its last output:\n${this.#output}`, { cause: error });
    }
  }

  get output(): string {
    return this.#output;
  }

  /** Presses a button of the emulator, see `remote-control.lua`. */
  press(command: string): Promise<string> {
    if (!this.#control) throw new Error('FCEUX does not run');
    return this.#control.send(command);
  }

  /** Ends it the hard way, as a crash does: what it had not yet written to disk is lost. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#control?.close();
    this.#control = undefined;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Ends it as a player does by closing the window: battery RAM is written to disk. */
  async quit(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const ended = once(child, 'exit', { signal: AbortSignal.timeout(15_000) });
    this.#control?.send('exit').catch(() => {});
    await ended;
    this.#control?.close();
    this.#control = undefined;
    this.#process = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#home, { recursive: true, force: true, maxRetries: 3 });
  }
}
