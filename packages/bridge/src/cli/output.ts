import { once } from 'node:events';
import type { CommandHost, OutputStream } from './command-host.js';
import { jsonLine } from './json-line.js';
import type { Secrets } from './secrets.js';
import { renderText, type StyledText } from './styled-text.js';

type Env = CommandHost['env'];

/** `NO_COLOR` (no-color.org) and `TERM=dumb` switch colours off, `FORCE_COLOR` on; otherwise a terminal has them. */
const wantsColour = (stream: OutputStream, env: Env): boolean => {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
};

/** People on stderr, data on stdout; with `--json` stdout carries one object per line and nothing else. */
export class Output {
  readonly #host: CommandHost;
  readonly #secrets: Secrets;
  readonly #onClosed: () => void;
  readonly #detach: () => void;
  #closed = false;
  /** Writes a line for people while a prompt is open; set by whoever owns the prompt. */
  #overPrompt: ((line: string) => void) | undefined;

  /** @param onClosed called once when whoever reads stdout has gone, as `| head` does */
  constructor(host: CommandHost, secrets: Secrets, onClosed: () => void) {
    this.#host = host;
    this.#secrets = secrets;
    this.#onClosed = onClosed;
    const gone = (): void => this.#end();
    // A terminal that went away must not turn our last words into a crash.
    const ignore = (): void => {};
    host.stdout.on('error', gone);
    host.stderr.on('error', ignore);
    this.#detach = () => {
      host.stdout.off('error', gone);
      host.stderr.off('error', ignore);
    };
  }

  /** A line for people. */
  note(...text: StyledText[]): void {
    const line = `${renderText(this.#hide(text), wantsColour(this.#host.stderr, this.#host.env))}\n`;
    if (this.#overPrompt) this.#overPrompt(line);
    else this.#host.stderr.write(line);
  }

  /** A line of data in the form for people. */
  data(...text: StyledText[]): void {
    if (!this.#closed) this.#host.stdout.write(`${renderText(text, wantsColour(this.#host.stdout, this.#host.env))}\n`);
  }

  /** Data for programs: one object, one line. */
  json(value: object): void {
    if (!this.#closed) this.#host.stdout.write(`${jsonLine(value, this.#secrets)}\n`);
  }

  /** Text that must arrive byte by byte, such as a script. */
  raw(text: string): void {
    if (!this.#closed) this.#host.stdout.write(text);
  }

  /** Waits while the reader of stdout is slower than we are. */
  async drained(): Promise<void> {
    const { stdout } = this.#host;
    if (this.#closed || !stdout.writableNeedDrain) return;
    await Promise.race([once(stdout, 'drain'), once(stdout, 'close')]).catch(() => {});
  }

  /** Waits until everything written is on its way, or whoever should read it has gone. */
  async flushed(): Promise<void> {
    const { stdout, stderr } = this.#host;
    await Promise.all([stdout, stderr].map((stream) => new Promise((done) => stream.write('', done))));
  }

  /** While set, lines for people go through `write`, which keeps an open prompt below them. */
  throughPrompt(write: ((line: string) => void) | undefined): void {
    this.#overPrompt = write;
  }

  /** Lets go of the streams. */
  detach(): void {
    this.#detach();
  }

  #hide(text: StyledText): StyledText {
    if (typeof text === 'string') return this.#secrets.hide(text);
    if ('text' in text) return { ...text, text: this.#secrets.hide(text.text) };
    return text.map((part) => this.#hide(part));
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClosed();
  }
}
