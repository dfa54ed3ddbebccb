import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connector client for tests: lines out, lines in, in order. */
export class LineClient implements AsyncDisposable {
  readonly socket: Socket;
  #text = '';
  #lines: string[] = [];
  #waiting: ((line: string | undefined) => void)[] = [];
  #ended = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => this.#take(chunk));
    socket.on('close', () => this.#end());
    socket.on('end', () => this.#end());
    socket.on('error', () => {});
  }

  static async open(port: number): Promise<LineClient> {
    const socket = connect(port, '127.0.0.1');
    const client = new LineClient(socket);
    await once(socket, 'connect');
    return client;
  }

  /** The next line, or `undefined` at the end of the stream. */
  line(): Promise<string | undefined> {
    const [line] = this.#lines.splice(0, 1);
    if (line !== undefined || this.#ended) return Promise.resolve(line);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  send(line: string): void {
    this.socket.write(`${line}\n`);
  }

  async ask(line: string): Promise<string | undefined> {
    this.send(line);
    return this.line();
  }

  async batch(...requests: readonly object[]): Promise<Record<string, unknown>[]> {
    return JSON.parse((await this.ask(JSON.stringify(requests))) ?? 'null');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
  }

  #take(chunk: string): void {
    const parts = (this.#text + chunk).split('\n');
    this.#text = parts.pop() ?? '';
    for (const part of parts) {
      const [waiter] = this.#waiting.splice(0, 1);
      if (waiter === undefined) this.#lines.push(part);
      else waiter(part);
    }
  }

  #end(): void {
    this.#ended = true;
    for (const waiter of this.#waiting.splice(0)) waiter(undefined);
  }
}
