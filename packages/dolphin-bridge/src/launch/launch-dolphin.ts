import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Clock, type Logger, silentLogger, systemClock } from '@causeway/bridge';
import { CausewayError } from '@causeway/protocol/errors';
import { type DolphinExit, DolphinProcess } from './dolphin-process.js';
import { type DolphinBuild, FLATPAK_ID, findProgram } from './find-program.js';
import { type DolphinConfig, launchCommand } from './launch-arguments.js';
import { OtherProcess } from './other-process.js';
import { prepareGdbSocket } from './prepare-gdb-socket.js';
import { familyOf, findUserOfFolder } from './processes.js';
import { checkImage } from './program-image.js';
import { type LaunchedFamily, type LaunchedGame, lookForGame } from './readiness.js';
import { startFailure } from './start-failure.js';

export interface LaunchOptions {
  /** Path or name of the program; default: the Dolphin that is installed. An AppImage is given by path. */
  readonly program?: string;
  /** The game: disc image, `.wad`, `.dol`, `.elf`. */
  readonly image: string;
  /** Configuration, memory cards and save states live here; one per profile. Made when it does not exist. */
  readonly userFolder: string;
  readonly build: DolphinBuild;
  /** No picture, no sound. With `build: 'nogui'` no display is needed. Default: `false`. */
  readonly headless?: boolean;
  /** Settings for this run only: `{ 'Dolphin.Core.MMU': 'True' }`. */
  readonly config?: DolphinConfig;
  /** State file to begin from. */
  readonly saveState?: string;
  /**
   * Path for Dolphin's debugger socket. The game then begins halted, and the launch is over when the socket is there: connect to
   * it. Costs the player a little; meant for systems without another way.
   */
  readonly gdbSocket?: string;
  /** Environment of the new process; default: ours. */
  readonly env?: NodeJS.ProcessEnv;
  /** Aborting before the game runs ends Dolphin again and rejects with `signal.reason`. Later it does nothing. */
  readonly signal?: AbortSignal;
  /** Milliseconds until the game must run; default: 60,000. */
  readonly startMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly platform?: NodeJS.Platform;
  /** Looks whether the game runs in one of these processes; replaced in tests. */
  readonly look?: LaunchLook;
  readonly spawn?: typeof spawn;
}

export type LaunchLook = (family: LaunchedFamily) => Promise<LaunchedGame | undefined>;

/** A Dolphin of ours with its game running. Disposing of it stops it. */
export interface LaunchedDolphin extends AsyncDisposable {
  /** Dolphin's own process: the child, or the one a wrapper started. */
  readonly pid: number;
  /** Opens its device: for `--device` and the driver. */
  readonly uri: string;
  /** Resolves once, when the process has ended; never rejects. */
  readonly exited: Promise<DolphinExit>;
  /** The end of what it printed, for messages. */
  readonly output: string;
  /** Ends it in order, so that memory cards and saves are written; after `deadlineMs` (default 10,000) the hard way. */
  stop(deadlineMs?: number): Promise<DolphinExit>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<DolphinExit>;
}

const START_MS = 60_000;
const LOOK_EVERY_MS = 50;
/** Saves are written on a regular stop, which takes half a second; a slow disk may take more. */
const STOP_MS = 10_000;

const refuseFolderInUse = async (userFolder: string): Promise<void> => {
  const pid = await findUserOfFolder(userFolder);
  if (pid === undefined) return;
  throw new CausewayError('device_busy', `Another Dolphin (pid ${pid}) already uses the user folder ${userFolder}.`, {
    fix: 'Close that Dolphin first, or use another profile: two on one user folder overwrite each other’s saves.',
    context: { pid, userFolder },
  });
};

const awaitGame = async (dolphin: DolphinProcess, options: LaunchOptions): Promise<LaunchedGame> => {
  const { clock = systemClock, look = lookForGame, signal, gdbSocket, startMs = START_MS } = options;
  const { platform = process.platform } = options;
  const limit = clock.now() + startMs;
  for (;;) {
    signal?.throwIfAborted();
    if (dolphin.end || dolphin.pid === undefined) {
      throw startFailure(await dolphin.exited, await dolphin.lastWords());
    }
    const game = await look({ pids: await familyOf(dolphin.pid), gdbSocket, platform });
    if (game) return game;
    if (clock.now() >= limit) {
      throw new CausewayError('emulator_failed', `Dolphin runs, but its game did not start in ${startMs / 1000} s.`, {
        fix: 'See whether Dolphin’s window asks something or shows a warning; then try again.',
        context: { pid: dolphin.pid, output: dolphin.output.trim() },
      });
    }
    await Promise.race([clock.sleep(LOOK_EVERY_MS, signal), dolphin.exited]);
  }
};

/** What a wrapper has started so far: ending the wrapper alone would leave it running. */
const startedBy = async (pid: number): Promise<readonly OtherProcess[]> => {
  const [, ...others] = await familyOf(pid);
  return Promise.all(others.map((other) => OtherProcess.of(other)));
};

/**
 * Starts a game in Dolphin and waits until its memory can be opened.
 *
 * Dolphin becomes a direct child with a user folder of its own, told not to ask questions. Everything that would make it stand
 * behind a message box is checked before.
 *
 * Throws `file_unreadable` (game or program), `device_not_found` (not installed), `device_busy` (user folder in use),
 * `device_forbidden` (its program file has capabilities), `usage` (a setting that is none), `emulator_failed` (it ended or did not come up; its output is in `context`), and
 * `signal.reason`. In each case nothing is left running.
 */
export const launchDolphin = async (options: LaunchOptions): Promise<LaunchedDolphin> => {
  const { build, config = {}, env = process.env, headless = false, gdbSocket, saveState } = options;
  const { platform = process.platform, clock = systemClock, logger = silentLogger, signal } = options;
  const image = resolve(options.image);
  const userFolder = resolve(options.userFolder);
  signal?.throwIfAborted();
  await checkImage(image);
  const program = await findProgram({ program: options.program, build, env, platform });
  const { file, args } = launchCommand(program.path, FLATPAK_ID, {
    ...{ image, userFolder, build, headless, config, gdbSocket, saveState },
    flatpak: program.flatpak,
  });
  await mkdir(userFolder, { recursive: true, mode: 0o700 });
  await refuseFolderInUse(userFolder);
  if (gdbSocket !== undefined) await prepareGdbSocket(gdbSocket, platform);
  signal?.throwIfAborted();

  logger.info('dolphin.launch', { file, args });
  const start = options.spawn ?? spawn;
  const child = start(file, [...args], { cwd: userFolder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const dolphin = new DolphinProcess(child, clock, logger);
  const game = await awaitGame(dolphin, options).catch(async (error: unknown) => {
    if (dolphin.pid !== undefined) await dolphin.kill(await startedBy(dolphin.pid));
    throw error;
  });
  const inner = game.pid === dolphin.pid ? [] : [await OtherProcess.of(game.pid)];
  logger.info('dolphin.running', { pid: game.pid, uri: game.uri });
  return {
    ...game,
    exited: dolphin.exited,
    get output() {
      return dolphin.output;
    },
    stop: (deadlineMs = STOP_MS) => dolphin.stop(deadlineMs, inner),
    kill: () => dolphin.kill(inner),
    [Symbol.asyncDispose]: async () => {
      await dolphin.stop(STOP_MS, inner);
    },
  };
};
