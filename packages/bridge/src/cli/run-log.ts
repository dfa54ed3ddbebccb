import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CausewayError } from '@causeway/protocol/errors';
import { type Logger, silentLogger } from '../logger.js';
import type { CommandHost } from './command-host.js';
import type { LogLevel } from './common-flags.js';
import { createLineLogger } from './line-logger.js';
import { logFolder } from './log-folder.js';
import type { Secrets } from './secrets.js';

/** Log files of one program that are kept; older ones are removed when a new one begins. */
const KEPT_FILES = 30;

export interface RunLogOptions {
  readonly program: string;
  readonly host: CommandHost;
  readonly level: LogLevel;
  readonly secrets: Secrets;
}

/** The log file of one run. Only its owner can read it. */
export interface RunLog extends Disposable {
  /** Absent when nothing is logged. */
  readonly path?: string;
  readonly logger: Logger;
}

const removeOldFiles = (folder: string, program: string): void => {
  const files = readdirSync(folder).filter((name) => name.startsWith(`${program}-`) && name.endsWith('.log'));
  // The names begin with the time, so their order is that of the runs.
  for (const name of files.sort().slice(0, Math.max(0, files.length - KEPT_FILES)))
    rmSync(join(folder, name), { force: true });
};

const fileName = (program: string, host: CommandHost): string => {
  const time = new Date(host.clock.now()).toISOString().replace(/[:.]/g, '-');
  return `${program}-${time}-${host.pid}.log`;
};

/** Opens the run's log file. Rejects with `file_unwritable`. */
export const openRunLog = ({ program, host, level, secrets }: RunLogOptions): RunLog => {
  if (level === 'silent') return { logger: silentLogger, [Symbol.dispose]: () => {} };
  const path = join(resolve(host.cwd, logFolder(host)), fileName(program, host));
  const file = openLogFile(path, program);
  let open = true;
  const write = (line: string): void => {
    if (!open) return;
    try {
      // At once, so that the last lines before a crash are there.
      writeSync(file, line);
    } catch {
      // A full disk must not end the game.
    }
  };
  return {
    path,
    logger: createLineLogger({ clock: host.clock, level, secrets, write }),
    [Symbol.dispose]() {
      if (open) closeSync(file);
      open = false;
    },
  };
};

const openLogFile = (path: string, program: string): number => {
  const folder = join(path, '..');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = openSync(path, 'a', 0o600);
    removeOldFiles(folder, program);
    return file;
  } catch (cause) {
    throw new CausewayError('file_unwritable', 'The log file cannot be written.', { cause, context: { path } });
  }
};
