import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { decodeRequests, encodeResponses, LineDecoder } from '@causeway/protocol/connector';
import type { ConnectorModel } from './connector-model.js';

/**
 * What a fake connector does with a line. Text is sent as it is, with no line end added; nothing means silence.
 */
export type Script = (line: string, socket: Socket) => string | undefined;

/** Answers as a well-behaved connector in front of `model` does. */
export const serveModel =
  (model: ConnectorModel): Script =>
  (line) =>
    line === 'VERSION' ? '1\n' : `${encodeResponses(model.answer(decodeRequests(line)))}\n`;

/** A TCP server on a port of its own that does what a script says, well-behaved or not. */
export class FakeConnector implements AsyncDisposable {
  readonly port: number;
  /** Connections taken so far. */
  connections = 0;
  /** Every line received, over all connections. */
  readonly lines: string[] = [];
  script: Script;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async start(script: Script, onConnection?: (socket: Socket) => void): Promise<FakeConnector> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeConnector(server, script, onConnection);
  }

  private constructor(server: Server, script: Script, onConnection?: (socket: Socket) => void) {
    this.#server = server;
    this.script = script;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      const decoder = new LineDecoder();
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('data', (chunk) => {
        for (const line of decoder.push(chunk)) this.#take(line, socket);
      });
      onConnection?.(socket);
    });
  }

  get uri(): string {
    return `bizhawk://127.0.0.1:${this.port}`;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Sends something nobody asked for. */
  send(text: string | Uint8Array): void {
    for (const socket of this.#sockets) socket.write(text);
  }

  /** Ends every connection, as an emulator does that exits. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(line: string, socket: Socket): void {
    this.lines.push(line);
    const answer = this.script(line, socket);
    if (answer !== undefined) socket.write(answer);
  }
}
