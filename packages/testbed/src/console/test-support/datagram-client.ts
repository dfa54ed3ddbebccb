import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Speaks to a UDP port in plain text. */
export class DatagramClient implements AsyncDisposable {
  readonly received: string[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (bytes) => this.received.push(bytes.toString()));
    socket.on('error', () => {});
  }

  static async to(port: number): Promise<DatagramClient> {
    const socket = createSocket('udp4');
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new DatagramClient(socket);
  }

  send(text: string): Promise<void> {
    return new Promise((resolve) => this.#socket.send(text, () => resolve()));
  }

  /** The next reply that was not taken yet. */
  async next(): Promise<string> {
    while (this.received.length === 0) await once(this.#socket, 'message');
    return this.received.shift() ?? '';
  }

  async ask(text: string): Promise<string> {
    await this.send(text);
    return this.next();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}
