import { type ChildProcess, type Serializable, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Longer than anything here takes; past it something hangs, and the bench must say so. */
const PATIENCE_MS = 60_000;

export interface ChildOptions {
  /** Arguments of node itself. */
  readonly node?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

type Message = { readonly kind: string } & Readonly<Record<string, unknown>>;

interface Waiter {
  readonly kind: string;
  readonly resolve: (message: Message) => void;
  readonly reject: (error: Error) => void;
}

/** Files under `bench/` and the repository's root, as paths. */
export const benchPath = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
export const ROOT = benchPath('..');

/** A process of a bench: speaks in messages `{ kind, … }`, and ends with the bench. */
export class Child implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #unread: Message[] = [];
  readonly #waiters: Waiter[] = [];
  #errors = '';

  /** @param program path of what node runs */
  constructor(program: string, { node = [], args = [], env = {} }: ChildOptions = {}) {
    this.#name = program.slice(program.lastIndexOf('/') + 1);
    this.#child = spawn(process.execPath, [...node, program, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = `${this.#errors}${text}`.slice(-2000);
    });
    this.#child.on('message', (message) => this.#take(message as Message));
    this.#child.on('close', () => this.#ended());
  }

  /** A TypeScript process of `bench/processes/`. */
  static start(name: string, args: readonly string[] = []): Child {
    return new Child(benchPath(`processes/${name}.ts`), { node: ['--import', 'tsx'], args });
  }

  send(message: { readonly kind: string } & Readonly<Record<string, Serializable | undefined>>): void {
    this.#child.send(message);
  }

  /** The next message of this kind. Rejects when the process ends, or takes a minute. */
  next<T = Message>(kind: string): Promise<T> {
    const index = this.#unread.findIndex((message) => message.kind === kind);
    if (index >= 0) return Promise.resolve(this.#unread.splice(index, 1)[0] as T);
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => reject(this.#failure(`did not say "${kind}" in time`)), PATIENCE_MS);
      const done = <V>(settle: (value: V) => void) => {
        return (value: V): void => {
          clearTimeout(timer);
          settle(value);
        };
      };
      this.#waiters.push({ kind, resolve: done((message) => resolve(message as T)), reject: done(reject) });
    });
  }

  /** Sends a message and waits for one of the same kind. */
  ask<T = Message>(kind: string, fields: Readonly<Record<string, Serializable | undefined>> = {}): Promise<T> {
    this.send({ kind, ...fields });
    return this.next<T>(kind);
  }

  /** The last it wrote to stderr. */
  get errors(): string {
    return this.#errors;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await closed;
  }

  #take(message: Message): void {
    const index = this.#waiters.findIndex(({ kind }) => kind === message.kind);
    if (index < 0) this.#unread.push(message);
    else this.#waiters.splice(index, 1)[0]?.resolve(message);
  }

  #ended(): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#failure('ended'));
  }

  #failure(what: string): Error {
    return new Error(`${this.#name} ${what}\n${this.#errors}`);
  }
}
