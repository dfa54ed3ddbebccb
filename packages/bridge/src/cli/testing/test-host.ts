import { PassThrough } from 'node:stream';
import type { Clock } from '../../clock.js';
import type { CommandHost, InputStream, OutputStream } from '../command-host.js';

/** Time that passes at once: sleeping moves the clock and nothing else. */
const instantClock = (start = Date.UTC(2026, 0, 2, 3, 4, 5)): Clock => {
  let now = start;
  return {
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      now += ms;
      // A turn of the event loop, as any real sleep would give.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
    after(ms, callback) {
      const timer = setImmediate(() => {
        now += ms;
        callback();
      });
      return () => clearImmediate(timer);
    },
  };
};

export interface TestHost extends CommandHost {
  readonly outText: () => string;
  readonly errText: () => string;
  /** Ctrl+C. */
  interrupt(): void;
  /** An error nobody caught. */
  fault(error: unknown): void;
  readonly exits: readonly number[];
  /** Settles when stderr or stdout contains the text. */
  shows(text: string): Promise<void>;
  /** Types a line at the terminal. */
  type(line: string): void;
}

export interface TestHostOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly tty?: boolean;
  readonly clock?: Clock;
  readonly cwd?: string;
  readonly platform?: string;
  readonly homeDir?: string;
}

const collect = (stream: PassThrough, onText: () => void): (() => string) => {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
    onText();
  });
  return () => text;
};

/** A machine for one command line, all in memory. */
export const testHost = (argv: readonly string[], options: TestHostOptions = {}): TestHost => {
  const tty = options.tty ?? false;
  const terminal = { isTTY: tty, columns: 100 };
  const stdin = Object.assign(new PassThrough(), { isTTY: tty, setRawMode: () => {} }) as InputStream & PassThrough;
  const stdout = Object.assign(new PassThrough(), terminal) as OutputStream & PassThrough;
  const stderr = Object.assign(new PassThrough(), terminal) as OutputStream & PassThrough;
  const waiting: { text: string; resolve: () => void }[] = [];
  const check = (): void => {
    for (const { text, resolve } of waiting) if (outText().includes(text) || errText().includes(text)) resolve();
  };
  const outText = collect(stdout, check);
  const errText = collect(stderr, check);
  const interrupts = new Set<() => void>();
  const faults = new Set<(error: unknown) => void>();
  const exits: number[] = [];
  const listen = <T>(listeners: Set<T>, listener: T): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    argv,
    env: options.env ?? {},
    platform: options.platform ?? 'linux',
    homeDir: options.homeDir ?? '/nowhere',
    cwd: options.cwd ?? process.cwd(),
    pid: 4711,
    stdin,
    stdout,
    stderr,
    clock: options.clock ?? instantClock(),
    onInterrupt: (listener) => listen(interrupts, listener),
    onFault: (listener) => listen(faults, listener),
    exitNow: (code) => {
      exits.push(code);
    },
    outText,
    errText,
    exits,
    interrupt: () => {
      for (const listener of interrupts) listener();
    },
    fault: (error) => {
      for (const listener of faults) listener(error);
    },
    shows: (text) =>
      new Promise((resolve) => {
        waiting.push({ text, resolve });
        check();
      }),
    type: (line) => {
      stdin.write(`${line}\r`);
    },
  };
};
