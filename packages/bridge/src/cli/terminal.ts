import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { CausewayError } from '@causeway/protocol/errors';
import type { CommandHost } from './command-host.js';
import type { Output } from './output.js';
import { printable } from './printable.js';

const CLEAR_LINE = '\r\u001b[K';

/** What a terminal needs of the command it belongs to. */
export interface TerminalOwner {
  readonly host: CommandHost;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly flags: { readonly json: boolean };
  interrupt(): void;
}

/** Whoever takes the lines the person types. */
export interface LineListener {
  readonly onLine: (line: string) => void;
  /** They closed the input (Ctrl+D). */
  readonly onEnd: () => void;
  /** What the line up to the cursor may become, and the part of it that is replaced. */
  readonly complete?: (line: string) => [hits: string[], typed: string];
  /** Lines that do not come back with the arrow keys. */
  readonly forget?: (line: string) => boolean;
}

/** readline's way to the screen, with an echo that can be switched off. */
const echoTo = ({ stderr }: CommandHost, isMuted: () => boolean): Writable => {
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isMuted()) stderr.write(chunk);
      done();
    },
  });
  return Object.assign(echo, { columns: stderr.columns ?? 80 });
};

/** The person at the keyboard, if there is one: answers questions, and types lines while events are printed above. */
export class Terminal implements Disposable {
  readonly #owner: TerminalOwner;
  #listener: LineListener | undefined;
  #lines: Interface | undefined;
  /** Lines typed so far, the last first; kept while a question is asked. */
  #history: string[] = [];
  /** Gives up the question that is open. */
  #withdraw: () => void = () => {};

  constructor(owner: TerminalOwner) {
    this.#owner = owner;
  }

  /** Whether somebody can be asked. With `--json` a program reads along, and nobody is asked. */
  get present(): boolean {
    const { host, flags } = this.#owner;
    return !flags.json && host.stdin.isTTY === true && host.stderr.isTTY === true;
  }

  /** Lets go of the keyboard; an open question is given up. */
  [Symbol.dispose](): void {
    this.#listener = undefined;
    this.#closeLines();
    this.#withdraw();
  }

  /** Asks one question; `secret` keeps what is typed off the screen. Rejects with `interrupted` when there is no answer. */
  async ask(question: string, secret = false): Promise<string> {
    this.#closeLines();
    try {
      return await this.#askOnce(question, secret);
    } finally {
      this.#openLines();
    }
  }

  /** Passes on every line the person types, until disposed of. */
  listen(listener: LineListener): Disposable {
    this.#listener = listener;
    this.#openLines();
    return {
      [Symbol.dispose]: () => {
        this.#closeLines();
        this.#listener = undefined;
      },
    };
  }

  #askOnce(question: string, secret: boolean): Promise<string> {
    const { host, output, signal } = this.#owner;
    const text = `${printable(question)} `;
    let muted = false;
    const prompt = this.#readline(() => muted);
    return new Promise<string>((resolve, reject) => {
      const finish = (settle: () => void): void => {
        signal.removeEventListener('abort', stop);
        this.#withdraw = () => {};
        prompt.off('close', leave);
        prompt.close();
        output.throughPrompt(undefined);
        if (muted) host.stderr.write('\n');
        settle();
      };
      const stop = (): void => finish(() => reject(signal.reason));
      const leave = (): void => finish(() => reject(new CausewayError('interrupted', 'Nothing was entered.')));
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop);
      prompt.once('close', leave);
      this.#withdraw = leave;
      prompt.question(text, (answer) => finish(() => resolve(answer)));
      muted = secret;
      output.throughPrompt((line) => {
        host.stderr.write(`${CLEAR_LINE}${line}`);
        // readline would put back what was typed along with the question.
        if (secret) host.stderr.write(text);
        else prompt.prompt(true);
      });
    });
  }

  #openLines(): void {
    const { host, output, signal } = this.#owner;
    const listener = this.#listener;
    if (!listener || this.#lines || !this.present || signal.aborted) return;
    const lines = this.#readline(() => false, listener);
    this.#lines = lines;
    lines.on('history', (history) => this.#remember(history, listener));
    lines.on('line', listener.onLine);
    lines.once('close', listener.onEnd);
    output.throughPrompt((line) => {
      host.stderr.write(`${CLEAR_LINE}${line}`);
      // Puts back what was being typed.
      lines.prompt(true);
    });
  }

  #closeLines(): void {
    this.#owner.output.throughPrompt(undefined);
    const lines = this.#lines;
    if (this.#listener) lines?.off('close', this.#listener.onEnd);
    lines?.close();
    this.#lines = undefined;
  }

  #remember(history: string[], { forget }: LineListener): void {
    const [last] = history;
    if (last !== undefined && forget?.(last)) history.shift();
    this.#history = [...history];
  }

  #readline(isMuted: () => boolean, listener?: LineListener): Interface {
    const { host } = this.#owner;
    const output = echoTo(host, isMuted);
    const prompt = createInterface({
      input: host.stdin,
      output,
      terminal: true,
      prompt: '> ',
      removeHistoryDuplicates: true,
      ...(listener ? { history: [...this.#history] } : {}),
      ...(listener?.complete ? { completer: listener.complete } : {}),
    });
    // In raw mode Ctrl+C is a key like any other and no signal comes.
    prompt.on('SIGINT', () => this.#owner.interrupt());
    return prompt;
  }
}
