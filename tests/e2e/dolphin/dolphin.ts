import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { VirtualDisplay } from '../fceux/virtual-display.js';
import { GuestMemory } from './guest-memory.js';
import { until } from './until.js';

// Debian keeps games out of the PATH of service users.
const PATH = `${process.env['PATH']}:/usr/games:/usr/local/games`;

const probeFor = (...programs: readonly string[]) =>
  ['sh', '-c', [`PATH="${PATH}"`, ...programs.map((name) => `command -v ${name}`)].join(' && ')] as const;
/** Arguments that tell whether the real Dolphin is here. */
export const DOLPHIN_PROBE = probeFor('dolphin-emu-nogui');
/** The same for one that opens a window, which can be sent keys. */
export const DOLPHIN_WINDOW_PROBE = probeFor('dolphin-emu-nogui', 'Xvfb', 'xdotool');

const SETTINGS = {
  'Dolphin.DSP.Backend': 'No Audio Output',
  'Dolphin.Analytics.PermissionAsked': 'True',
  'Dolphin.Interface.ConfirmStop': 'False',
};

export interface DolphinOptions {
  /** Contents of a `.dol` file. */
  readonly program: Uint8Array;
  /** `System.Section.Key` and value, as Dolphin's `-C` takes them. */
  readonly config?: Readonly<Record<string, string>>;
  /** Where its window opens; absent: it has none. Only with a window it can be paused and load states. */
  readonly display?: VirtualDisplay;
  /** Another file of it than the one that is installed. */
  readonly executable?: string;
  /** Runs as this user, who gets the folder. Only root can ask for it. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Keys of Dolphin's window. */
export type DolphinKey = 'shift+F1' | 'F1' | 'F10';

/** One copy of the real Dolphin with one of our programs and a folder of its own. */
export class Dolphin implements AsyncDisposable {
  readonly folder: string;
  readonly #options: DolphinOptions;
  readonly #program: string;
  #process: ChildProcess | undefined;
  #output = '';

  private constructor(folder: string, options: DolphinOptions) {
    this.folder = folder;
    this.#options = options;
    this.#program = join(folder, 'game.dol');
  }

  /** Starts it and waits until its program runs. */
  static async start(options: DolphinOptions): Promise<Dolphin> {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-dolphin-'));
    const dolphin = new Dolphin(folder, options);
    await dolphin.load(options.program);
    // Without the folder states are not saved, and nothing says so.
    await mkdir(join(folder, 'StateSaves'));
    for (const path of [folder, dolphin.#program, join(folder, 'StateSaves')]) {
      if (options.user) await chown(path, options.user.uid, options.user.gid);
    }
    await dolphin.launch();
    return dolphin;
  }

  /** The process, as long as it runs; afterwards the last one. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  get uri(): string {
    return `dolphin://pid/${this.pid}`;
  }

  get output(): string {
    return this.#output;
  }

  /** What the next {@link launch} starts. */
  load(program: Uint8Array): Promise<void> {
    return writeFile(this.#program, program);
  }

  /** Starts the program; settles when it is running inside the console. */
  async launch(): Promise<void> {
    const { config = {}, display, user, executable = 'dolphin-emu-nogui' } = this.#options;
    const settings = Object.entries({ ...SETTINGS, ...config }).flatMap(([key, value]) => ['-C', `${key}=${value}`]);
    const platform = display ? 'x11' : 'headless';
    const args = ['-p', platform, '-u', this.folder, '-v', 'Null', ...settings, '-e', this.#program];
    const child = spawn(executable, args, {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, HOME: this.folder, ...(display ? { DISPLAY: display.name } : {}) },
      ...user,
    });
    this.#process = child;
    this.#output = '';
    const collect = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    try {
      await once(child, 'spawn');
      await GuestMemory.whenRunning(this.pid, AbortSignal.timeout(20_000));
    } catch (error) {
      await this.kill();
      throw new Error(`Dolphin did not come up. Its last output:\n${this.#output}`, { cause: error });
    }
  }

  /** Presses a key in its window. */
  async press(key: DolphinKey): Promise<void> {
    const { display } = this.#options;
    if (!display) throw new Error('This Dolphin has no window.');
    const env = { PATH, DISPLAY: display.name };
    const xdotool = (...args: readonly string[]) => promisify(execFile)('xdotool', args, { env });
    const { stdout: window } = await xdotool('search', '--pid', String(this.pid));
    await xdotool('key', '--window', window.trim(), key);
  }

  /** Settles once a state that was asked for is whole on disk. */
  async savedState(): Promise<void> {
    const folder = join(this.folder, 'StateSaves');
    await until(() => readdirSync(folder).some((name) => name.endsWith('.s01')), 'The saved state');
  }

  /** Ends it as a crash does. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Ends it as closing its window does. */
  quit(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
    child.kill(signal);
    await ended;
    clearTimeout(late);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
