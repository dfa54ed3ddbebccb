import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** From source, so that nothing has to be built before it is tested. */
const FROM_SOURCE = ['--conditions=@causeway/source', '--import', 'tsx', 'packages/bizhawk-bridge/src/main.ts'];

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of node before ours; the command from source unless given. */
  readonly program?: readonly string[];
}

/** A real process of `causeway-bizhawk`. */
export class RunningCommand implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  /** Exit code, or the signal that killed it. */
  readonly ended: Promise<number | string>;
  out = '';
  err = '';

  constructor(argv: readonly string[], { env = {}, program = FROM_SOURCE }: RunOptions = {}) {
    const { PATH, HOME, TMPDIR } = process.env;
    this.#child = spawn(process.execPath, [...program, ...argv], {
      cwd: ROOT,
      env: { PATH, HOME, TMPDIR, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#take('out', text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#take('err', text));
    this.ended = once(this.#child, 'close').then(([code, signal]) => code ?? signal);
    this.ended.then(
      () => this.#notify(),
      () => this.#notify(),
    );
  }

  /** Every line of stdout as JSON: throws when one is not. */
  get objects(): Record<string, unknown>[] {
    return this.out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  /** Waits until stdout or stderr holds the text; rejects when the process ends before. */
  async shows(text: string): Promise<void> {
    while (!this.out.includes(text) && !this.err.includes(text)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`ended without showing ${JSON.stringify(text)}:\n${this.out}\n${this.err}`);
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  /** Stops reading its output, as `| head` does. */
  hangUp(): void {
    this.#child.stdout?.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  #take(stream: 'out' | 'err', text: string): void {
    this[stream] += text;
    this.#notify();
  }

  #notify(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** Runs to the end. */
export const finish = async (argv: readonly string[], options: RunOptions = {}) => {
  await using command = new RunningCommand(argv, options);
  const code = await command.ended;
  return { code, out: command.out, err: command.err };
};
