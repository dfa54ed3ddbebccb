import type { ChildProcess } from 'node:child_process';
import type { Clock, Logger } from '@causeway/bridge';
import type { OtherProcess } from './other-process.js';

/** How a Dolphin ended. */
export interface DolphinExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Characters of output kept for error messages. */
const OUTPUT_KEPT = 4_000;
/** Milliseconds in which what it printed last is read; what it has started may keep its output open for ever. */
const LAST_WORDS_MS = 500;
/** Milliseconds until a process that was killed is gone. */
const KILLED_MS = 2_000;

/** A child process that says how it ended, keeps the end of its output, and ends for certain when told to. */
export class DolphinProcess {
  readonly exited: Promise<DolphinExit>;
  readonly #readToEnd: Promise<unknown>;
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
      child.on('error', (error) => {
        this.#collect(`${error.message}\n`);
        // Never started, so no exit follows.
        if (child.pid === undefined) finish(null, null);
      });
    });
    this.#readToEnd = new Promise((resolve) => child.once('close', resolve));
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

  /** The end of what it printed so far. */
  get output(): string {
    return this.#output;
  }

  /** The end of what it printed, of one that has ended: that is known before all of it is read. */
  async lastWords(): Promise<string> {
    let cancel = (): void => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.#clock.after(LAST_WORDS_MS, resolve);
    });
    await Promise.race([this.#readToEnd, late]);
    cancel();
    return this.#output;
  }

  /**
   * Asks it to end, as closing the window does, then makes it. Dolphin writes memory cards and saves while it ends.
   *
   * @param inner what it started: a wrapper need not hand signals on. It is let alone until they have ended: some take along what
   * they have started, amid its saving
   */
  async stop(deadlineMs: number, inner: readonly OtherProcess[] = []): Promise<DolphinExit> {
    const cancel = this.#clock.after(deadlineMs, () => void this.#signal('SIGKILL', inner));
    try {
      await Promise.all(inner.map((each) => each.signal('SIGTERM')));
      await this.#ended(inner, deadlineMs + KILLED_MS);
      this.#child.kill('SIGTERM');
      return await this.exited;
    } finally {
      cancel();
    }
  }

  /** Ends it at once, as a crash does, with what it started. */
  async kill(inner: readonly OtherProcess[] = []): Promise<DolphinExit> {
    await this.#signal('SIGKILL', inner);
    await this.#ended(inner, KILLED_MS);
    return this.exited;
  }

  async #signal(signal: NodeJS.Signals, inner: readonly OtherProcess[]): Promise<void> {
    this.#child.kill(signal);
    await Promise.all(inner.map((each) => each.signal(signal)));
  }

  async #ended(inner: readonly OtherProcess[], limitMs: number): Promise<void> {
    await Promise.all(inner.map((each) => each.ended(this.#clock, limitMs)));
  }

  #collect(text: string): void {
    this.#output = (this.#output + text).slice(-OUTPUT_KEPT);
  }
}
