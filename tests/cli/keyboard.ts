import { PassThrough } from 'node:stream';
import { type BridgeCommand, type CommandHost, processHost, runBridgeCommand } from '@causeway/bridge/cli';

/** Longest wait for anything to be shown; a busy machine takes a while. */
const PATIENCE_MS = 15_000;

/** A command in this process with somebody at the keyboard. */
export class Keyboard implements AsyncDisposable {
  readonly #stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  readonly #waiting = new Set<() => void>();
  #interrupt: () => void = () => {};
  #seen = 0;
  #over = false;
  screen = '';
  /** Exit code. */
  readonly ended: Promise<number>;

  constructor(command: BridgeCommand, argv: readonly string[], env: CommandHost['env']) {
    const terminal = { isTTY: true, columns: 100 };
    const stderr = Object.assign(new PassThrough(), terminal).setEncoding('utf8');
    stderr.on('data', (text: string) => {
      this.screen += text;
      this.#notify();
    });
    const host: CommandHost = {
      ...processHost(),
      argv,
      env,
      stdin: this.#stdin,
      stdout: Object.assign(new PassThrough(), terminal).resume(),
      stderr,
      onInterrupt: (listener) => {
        this.#interrupt = listener;
        return () => {};
      },
      onFault: () => () => {},
    };
    this.ended = runBridgeCommand({ ...command, host });
    void this.ended.then(() => {
      this.#over = true;
      this.#notify();
    });
  }

  /** Waits until the text is shown, after what was waited for before; rejects when the command ends without, or dawdles. */
  async shows(text: string): Promise<void> {
    const tooLate = AbortSignal.timeout(PATIENCE_MS);
    tooLate.addEventListener('abort', () => this.#notify());
    for (;;) {
      const at = this.screen.indexOf(text, this.#seen);
      if (at >= 0) {
        this.#seen = at + text.length;
        return;
      }
      if (this.#over || tooLate.aborted) {
        throw new Error(`not shown: ${JSON.stringify(text)} in\n${this.screen.slice(this.#seen)}`);
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Presses keys one by one, as a terminal sends them. */
  press(...keys: readonly string[]): void {
    for (const key of keys) this.#stdin.push(key);
  }

  type(line: string): void {
    this.press(`${line}\r`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#over) this.#interrupt();
    await this.ended;
  }

  #notify(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
