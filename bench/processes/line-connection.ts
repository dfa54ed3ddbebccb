import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { LineDecoder } from '@causeway/protocol/connector';

/** A connection to a connector script: one line out, one line back. */
export class LineConnection {
  readonly #socket: Socket;
  readonly #decoder = new LineDecoder();
  #resolve: (line: string) => void = () => {};
  exchanges = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      for (const line of this.#decoder.push(chunk)) this.#resolve(line);
    });
  }

  static async open(port: number): Promise<LineConnection> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return new LineConnection(socket);
  }

  exchange(line: string): Promise<string> {
    this.exchanges++;
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#socket.write(`${line}\n`);
    });
  }
}
