import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ClientPacket, decodeClientMessage } from '@causeway/protocol/archipelago';
import { type WebSocket, WebSocketServer } from 'ws';

const PATIENCE_MS = 5_000;

const patiently = async <T>(promise: Promise<T>, what: string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** The server's end of one websocket to the client under test. */
export class RecordedPeer {
  readonly #socket: WebSocket;
  /** Everything the client has sent. */
  readonly heard: ClientPacket[] = [];
  #read = 0;
  #wake: () => void = () => {};

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data, isBinary) => {
      if (isBinary) throw new Error('the client sent a binary message');
      for (const entry of decodeClientMessage(data.toString())) {
        if (entry.kind !== 'packet') throw new Error(`the client sent nonsense: ${data.toString()}`);
        this.heard.push(entry.packet);
      }
      this.#wake();
    });
    socket.on('error', () => {});
  }

  say(text: string): void {
    this.#socket.send(text);
  }

  /** Until the client has read all that was said, and all that it said at once in answer is here. */
  async settled(): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const listening = new AbortController();
    const { signal } = listening;
    const answer = Promise.race([once(this.#socket, 'pong', { signal }), once(this.#socket, 'close', { signal })]);
    this.#socket.ping();
    await patiently(answer, 'a pong');
    listening.abort();
  }

  /** The next packet that is wanted; those before it that are not are passed over. */
  async next(what: string, wanted: (packet: ClientPacket) => boolean): Promise<ClientPacket> {
    for (;;) {
      for (let packet = this.heard[this.#read]; packet; packet = this.heard[this.#read]) {
        this.#read += 1;
        if (wanted(packet)) return packet;
      }
      await patiently(
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
        what,
      );
    }
  }

  /** What the client has sent and nobody has asked for yet. */
  async rest(): Promise<readonly ClientPacket[]> {
    await this.settled();
    const rest = this.heard.slice(this.#read);
    this.#read = this.heard.length;
    return rest;
  }

  /** Ends as the recording did: with a code, or as a network that is gone. */
  async end(code: number | undefined): Promise<void> {
    const closed = once(this.#socket, 'close');
    if (code === undefined) this.#socket.terminate();
    else this.#socket.close(code);
    await patiently(closed, 'the end of the connection');
  }
}

/** Listens for the client under test. */
export class RecordedServer implements AsyncDisposable {
  readonly #server: WebSocketServer;
  readonly #waiting: RecordedPeer[] = [];
  #wake: () => void = () => {};

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#waiting.push(new RecordedPeer(socket));
      this.#wake();
    });
  }

  static async listen(): Promise<RecordedServer> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: { serverMaxWindowBits: 11 } });
    await once(server, 'listening');
    return new RecordedServer(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async accept(): Promise<RecordedPeer> {
    for (;;) {
      const peer = this.#waiting.shift();
      if (peer) return peer;
      await patiently(
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
        'a connection',
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
