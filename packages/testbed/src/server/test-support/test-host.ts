import { PassThrough } from 'node:stream';
import { systemClock } from '@causeway/bridge';
import type { CommandHost } from '@causeway/bridge/cli';

export interface TestHost extends CommandHost {
  readonly outText: () => string;
  readonly errText: () => string;
  /** Settles when stdout or stderr contains the text. */
  shows(text: string): Promise<void>;
  type(line: string): void;
  /** Ctrl+C. */
  interrupt(): void;
}

/** A machine for one command, with a folder of its own. */
export const testHost = (cwd: string): TestHost => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const interrupts = new Set<() => void>();
  const waiting = new Set<() => void>();
  const texts = { out: '', err: '' };
  const collect = (stream: PassThrough, name: 'out' | 'err') =>
    stream.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      for (const look of waiting) look();
    });
  collect(stdout, 'out');
  collect(stderr, 'err');
  return {
    argv: [],
    env: {},
    platform: 'linux',
    homeDir: cwd,
    cwd,
    pid: 1,
    stdin,
    stdout,
    stderr,
    clock: systemClock,
    onInterrupt(listener) {
      interrupts.add(listener);
      return () => void interrupts.delete(listener);
    },
    onFault: () => () => {},
    exitNow: () => {},
    outText: () => texts.out,
    errText: () => texts.err,
    shows: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!texts.out.includes(text) && !texts.err.includes(text)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    type: (line) => void stdin.write(`${line}\n`),
    interrupt: () => {
      for (const listener of interrupts) listener();
    },
  };
};
