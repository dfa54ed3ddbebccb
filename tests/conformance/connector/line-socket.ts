import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const PATIENCE_MS = 8_000;

interface Waiter {
  readonly resolve: (line: string | undefined) => void;
}

/** A raw client of a connector: writes bytes as told, hands out lines as they come. Never waits for ever. */
export class LineSocket implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #lines: string[] = [];
  readonly #waiters: Waiter[] = [];
  #rest = '';
  #ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => this.#take(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#end());
  }

  static async open(port: number): Promise<LineSocket> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new LineSocket(socket);
  }

  /** Connected and greeted. */
  static async greet(port: number): Promise<LineSocket> {
    const client = await LineSocket.open(port);
    const answer = await client.ask('VERSION');
    if (answer !== '1') throw new Error(`not greeted: ${answer ?? 'closed'}`);
    return client;
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  /** Stops taking what the connector sends, so that it fills the buffers between. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Says that nothing more will be sent. */
  end(): void {
    this.#socket.end();
  }

  /** Gone without a word, as when a process dies. */
  vanish(): void {
    this.#socket.resetAndDestroy();
  }

  /** The next line, or nothing once the connector has closed. */
  line(): Promise<string | undefined> {
    const line = this.#lines.shift();
    if (line !== undefined || this.#ended) return Promise.resolve(line);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(new Error(`no line within ${PATIENCE_MS} ms; so far of the next one: ${JSON.stringify(this.#rest)}`));
      }, PATIENCE_MS);
      const waiter: Waiter = {
        resolve: (value) => {
          clearTimeout(timer);
          resolve(value);
        },
      };
      this.#waiters.push(waiter);
    });
  }

  ask(line: string): Promise<string | undefined> {
    this.write(`${line}\n`);
    return this.line();
  }

  /** Answers to one batch. */
  async batch(...requests: readonly object[]): Promise<readonly Record<string, unknown>[]> {
    const answer = await this.ask(JSON.stringify(requests));
    if (answer === undefined) throw new Error('the connector closed the connection');
    return JSON.parse(answer) as Record<string, unknown>[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#socket.closed) return;
    this.#socket.destroy();
    await once(this.#socket, 'close');
  }

  #take(chunk: string): void {
    const pieces = (this.#rest + chunk).split('\n');
    this.#rest = pieces.pop() ?? '';
    for (const line of pieces) {
      const waiter = this.#waiters.shift();
      if (waiter) waiter.resolve(line);
      else this.#lines.push(line);
    }
  }

  #end(): void {
    this.#ended = true;
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(undefined);
  }
}
