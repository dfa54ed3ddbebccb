import type { ChildProcess } from 'node:child_process';
import type { Clock, Logger } from '@causeway/bridge';

/** How a Dolphin ended. */
export interface DolphinExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Characters of output kept for error messages. */
const OUTPUT_KEPT = 4_000;

/** A child process that says how it ended, keeps the end of its output, and ends for certain when told to. */
export class DolphinProcess {
  readonly exited: Promise<DolphinExit>;
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  #output = '';
  #end: DolphinExit | undefined;

  constructor(child: ChildProcess, clock: Clock, logger: Logger) {
    this.#child = child;
    this.#clock = clock;
    this.exited = new Promise((resolve) => {
      const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.#end ??= { code, signal };
        resolve(this.#end);
      };
      child.once('exit', finish);
      // Never started, so no exit follows.
      child.once('error', (error) => {
        this.#collect(`${error.message}\n`);
        if (child.pid === undefined) finish(null, null);
      });
    });
    // Unread pipes fill up, and then Dolphin stands still.
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#collect(text);
        logger.debug('dolphin.output', { text: text.trimEnd() });
      });
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** How it ended; `undefined` while it runs. */
  get end(): DolphinExit | undefined {
    return this.#end;
  }

  /** The end of what it printed. */
  get output(): string {
    return this.#output;
  }

  /** Asks it to end, as closing the window does, then makes it. Dolphin writes memory cards and saves while it ends. */
  async stop(deadlineMs: number, also?: number): Promise<DolphinExit> {
    if (this.#end) return this.#end;
    this.#signal('SIGTERM', also);
    const cancel = this.#clock.after(deadlineMs, () => this.#signal('SIGKILL', also));
    try {
      return await this.exited;
    } finally {
      cancel();
    }
  }

  /** Ends it at once, as a crash does. */
  kill(also?: number): Promise<DolphinExit> {
    if (!this.#end) this.#signal('SIGKILL', also);
    return this.exited;
  }

  #signal(signal: NodeJS.Signals, also: number | undefined): void {
    this.#child.kill(signal);
    if (also === undefined || also === this.#child.pid) return;
    // A wrapper need not hand signals on to the Dolphin it started.
    try {
      process.kill(also, signal);
    } catch {
      // It has ended already.
    }
  }

  #collect(text: string): void {
    this.#output = (this.#output + text).slice(-OUTPUT_KEPT);
  }
}
