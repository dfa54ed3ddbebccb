import { homedir } from 'node:os';
import process from 'node:process';
import { systemClock } from '../clock.js';
import type { CommandHost } from './command-host.js';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** This process. */
export const processHost = (): CommandHost => ({
  argv: process.argv.slice(2),
  env: process.env,
  platform: process.platform,
  homeDir: homedir(),
  cwd: process.cwd(),
  pid: process.pid,
  // A getter: merely touching process.stdin opens it, and most verbs never read.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  clock: systemClock,
  onInterrupt(listener) {
    for (const signal of STOP_SIGNALS) process.on(signal, listener);
    return () => {
      for (const signal of STOP_SIGNALS) process.off(signal, listener);
    };
  },
  onFault(listener) {
    process.on('uncaughtException', listener);
    process.on('unhandledRejection', listener);
    return () => {
      process.off('uncaughtException', listener);
      process.off('unhandledRejection', listener);
    };
  },
  exitNow: (code) => process.exit(code),
});
