import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Clock, silentLogger, systemClock } from '@causeway/bridge';
import { CausewayError } from '@causeway/protocol/errors';
import { findCore, findInfoFolder, findProgram } from './find-retroarch.js';
import { crcText } from './identify.js';
import { probeRetroArch, uriOf } from './probe.js';
import { configureRetroArch } from './retroarch-options.js';
import { SETTINGS_FOLDERS, settingsText } from './settings.js';

export interface LaunchRetroArchOptions {
  /** The ROM file, not in an archive: what RetroArch unpacks has another checksum. Checked before anything is started. */
  readonly content: string;
  /** Name of a core (`bsnes_mercury_performance`) or the path of its file. */
  readonly core: string;
  /** Where everything RetroArch writes for this game goes; created where it is missing. */
  readonly folder: string;
  /** UDP port for the network commands. Take one of its own for every copy: two on one port do not complain. */
  readonly port: number;
  /** Default `retroarch`, looked for in PATH. */
  readonly program?: string;
  /** Neither window nor sound nor input. Default `false`. */
  readonly headless?: boolean;
  /** Default: this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How long it may take until the game runs, milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A RetroArch of ours, with the game in it. Disposing of it kills it. */
export interface LaunchedRetroArch extends AsyncDisposable {
  readonly pid: number;
  /** Opens the game. */
  readonly uri: string;
  /** What RetroArch says of itself. */
  readonly logFile: string;
  readonly exited: Promise<ProcessEnd>;
  /**
   * Ends it in order: save RAM is written. Kills it when it does not go within five seconds; on Windows, where a program cannot be
   * asked to go, at once: up to ten seconds of save RAM are then lost.
   */
  stop(): Promise<ProcessEnd>;
  /** Ends it at once: what is not on disk is lost. */
  kill(): Promise<ProcessEnd>;
}

const HOST = '127.0.0.1';
const READY_MS = 30_000;
const STOP_MS = 5_000;
const LOOK_MS = 100;

/**
 * Starts RetroArch with a game and waits until it runs.
 *
 * @throws `file_unreadable` for the content; `port_in_use`; `device_incompatible` for a RetroArch that is too old; `emulator_failed`
 * when program or core is missing, when it ends at once, or when the game does not come up
 */
export const launchRetroArch = async (options: LaunchRetroArchOptions): Promise<LaunchedRetroArch> => {
  const { core, port, headless = false, env = process.env, program = 'retroarch' } = options;
  const folder = resolve(options.folder);
  const content = resolve(options.content);
  const wanted = await checksumOf(content);
  await requireFreePort(port);
  const [command, coreFile] = [findProgram(program, env), findCore(core, env)];
  const settings = join(folder, 'causeway.cfg');
  for (const name of SETTINGS_FOLDERS) await mkdir(join(folder, name), { recursive: true });
  await writeFile(
    settings,
    settingsText({ port, folder, headless, coreFolder: dirname(coreFile), infoFolder: findInfoFolder() }),
  );
  const logFile = join(folder, 'retroarch.log');
  const log = await open(logFile, 'a');
  // Without a screen the player's own settings would only bring back drivers that are not there.
  const config = headless ? ['--config', settings] : ['--appendconfig', settings];
  const home = headless ? { HOME: folder, XDG_CONFIG_HOME: folder, DISPLAY: '' } : {};
  const child = spawn(command, ['--verbose', ...config, '-L', coreFile, content], {
    cwd: folder,
    env: { ...env, ...home },
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  const running = new RunningRetroArch(child, port, logFile, options.clock ?? systemClock);
  try {
    await running.ready(wanted, options);
    return running;
  } catch (error) {
    await running.kill();
    throw error;
  }
};

const checksumOf = async (content: string): Promise<string> => {
  try {
    return crc32Text(await readFile(content));
  } catch (cause) {
    throw new CausewayError('file_unreadable', `The game ${content} cannot be read.`, { cause, context: { content } });
  }
};

/** RetroArch does not mind a port that is taken: both would have it, and the younger one all the commands. */
const requireFreePort = async (port: number): Promise<void> => {
  const socket = createSocket('udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ port, exclusive: true }, resolve);
    });
  } catch (cause) {
    throw new CausewayError('port_in_use', `UDP port ${port} belongs to another program.`, {
      cause,
      context: { port },
      fix: 'Close the other RetroArch, or choose another port for its network commands.',
    });
  } finally {
    socket.close();
  }
};

const crc32Text = (bytes: Uint8Array): string => crc32(bytes).toString(16).padStart(8, '0');

class RunningRetroArch implements LaunchedRetroArch {
  readonly uri: string;
  readonly logFile: string;
  readonly exited: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  readonly #port: number;
  readonly #clock: Clock;
  #failure: Error | undefined;

  constructor(child: ChildProcess, port: number, logFile: string, clock: Clock) {
    this.#child = child;
    this.#port = port;
    this.#clock = clock;
    this.logFile = logFile;
    this.uri = uriOf({ host: HOST, port });
    this.exited = new Promise((settle) => {
      child.once('exit', (code, signal) => settle({ code, signal }));
      child.once('error', (error) => {
        this.#failure = error;
        settle({ code: null, signal: null });
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Waits until the game with this checksum runs. */
  async ready(wanted: string, { timeoutMs = READY_MS, signal, core }: LaunchRetroArchOptions): Promise<void> {
    const config = configureRetroArch({ clock: this.#clock, logger: silentLogger });
    const deadline = this.#clock.now() + timeoutMs;
    let ended: ProcessEnd | undefined;
    void this.exited.then((end) => {
      ended = end;
    });
    for (;;) {
      signal?.throwIfAborted();
      const probe = await probeRetroArch({ host: HOST, port: this.#port }, config, { timeoutMs: 500, signal });
      if (probe.state === 'ready') {
        probe.channel.close();
        const crc = crcText(probe.status);
        if (crc === wanted) return;
        throw this.#problem(`RetroArch at ${this.uri} runs another file: its checksum is ${crc}, not ${wanted}.`);
      }
      if (probe.state === 'incompatible') throw probe.error;
      if (ended)
        throw this.#problem(`RetroArch ended at once (${this.#failure?.message ?? `exit code ${ended.code}`}).`);
      if (this.#clock.now() >= deadline) {
        throw this.#problem(`RetroArch does not run the game after ${timeoutMs} ms. Does the core ${core} know it?`);
      }
      await this.#clock.sleep(LOOK_MS, signal);
    }
  }

  async stop(): Promise<ProcessEnd> {
    this.#child.kill('SIGTERM');
    const cancel = this.#clock.after(STOP_MS, () => this.#child.kill('SIGKILL'));
    const end = await this.exited;
    cancel();
    return end;
  }

  async kill(): Promise<ProcessEnd> {
    this.#child.kill('SIGKILL');
    return this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  #problem(message: string): CausewayError {
    return new CausewayError('emulator_failed', message, {
      context: { log: this.logFile },
      fix: `See ${this.logFile} for what RetroArch says.`,
    });
  }
}
