import { connect, type Socket } from 'node:net';
import { ByteQueue } from './byte-queue.js';
import { socketErrorText } from './socket-error.js';

const CARRIAGE_RETURN = 0x0d;

/** What a read gives: bytes, `false` for "not yet", `undefined` for closed. */
export type Received = Uint8Array | false | undefined;

/** How `receive` cuts the stream: a line, everything until the end, or a number of bytes. */
export type Pattern = 'l' | 'a' | 'n';

/** A connected (or connecting) TCP socket, read only when the script reads, so that a peer cannot fill our memory. */
export class LuaSocketClient {
  readonly #socket: Socket;
  readonly #received = new ByteQueue();
  readonly #sendBytes: number;
  #connected: boolean;
  #failure: string | undefined;
  bytesSent = 0;

  constructor(socket: Socket, options: { connected: boolean; sendBytes: number; notify: () => void }) {
    this.#socket = socket;
    this.#connected = options.connected;
    this.#sendBytes = options.sendBytes;
    for (const event of ['readable', 'end', 'drain', 'close'] as const) socket.on(event, options.notify);
    socket.on('connect', () => {
      this.#connected = true;
      options.notify();
    });
    socket.on('error', (error) => {
      this.#failure = socketErrorText(error);
      options.notify();
    });
  }

  static dial(host: string, port: number, options: { sendBytes: number; notify: () => void }): LuaSocketClient {
    return new LuaSocketClient(connect({ host, port, allowHalfOpen: true }), { ...options, connected: false });
  }

  /** `true`, `false` while connecting, or why it failed. */
  get connection(): boolean | string {
    if (this.#connected) return true;
    return this.#failure ?? false;
  }

  get readable(): boolean {
    this.#pull();
    return this.#received.size > 0 || this.#ended;
  }

  get writable(): boolean {
    return this.#connected && (this.#broken || this.#socket.writableLength < this.#sendBytes);
  }

  get address(): readonly [host: string, port: number] | undefined {
    const { localAddress, localPort } = this.#socket;
    return localAddress === undefined || localPort === undefined ? undefined : [localAddress, localPort];
  }

  get peer(): readonly [host: string, port: number] | undefined {
    const { remoteAddress, remotePort } = this.#socket;
    return remoteAddress === undefined || remotePort === undefined ? undefined : [remoteAddress, remotePort];
  }

  receive(pattern: Pattern, wanted: number): Received {
    this.#pull();
    if (pattern === 'l') {
      const line = this.#received.takeLine();
      if (line !== undefined) return line.includes(CARRIAGE_RETURN) ? line.filter((b) => b !== CARRIAGE_RETURN) : line;
    }
    if (pattern === 'n' && this.#received.size >= wanted) return this.#received.take(wanted);
    return this.#ended ? undefined : false;
  }

  /** The bytes that did not suffice for what was asked. */
  take(pattern: Pattern): Uint8Array {
    const rest = this.#received.take(this.#received.size);
    return pattern === 'l' && rest.includes(CARRIAGE_RETURN) ? rest.filter((b) => b !== CARRIAGE_RETURN) : rest;
  }

  /**
   * Hands over as much as the send buffer takes.
   *
   * @returns bytes taken, or `undefined` when the socket is closed for sending
   */
  send(data: Uint8Array): number | undefined {
    if (this.#broken) return undefined;
    const count = Math.min(data.length, Math.max(0, this.#sendBytes - this.#socket.writableLength));
    if (count > 0) this.#socket.write(count === data.length ? data : data.subarray(0, count));
    this.bytesSent += count;
    return count;
  }

  setNoDelay(on: boolean): void {
    this.#socket.setNoDelay(on);
  }

  setKeepAlive(on: boolean): void {
    this.#socket.setKeepAlive(on);
  }

  /** Ends our direction; what was sent still arrives. */
  endSending(): void {
    this.#socket.end();
  }

  /** Closes in order: what was sent still arrives. */
  close(): void {
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  get #ended(): boolean {
    return this.#failure !== undefined || this.#socket.readableEnded || this.#socket.destroyed;
  }

  get #broken(): boolean {
    return this.#failure !== undefined || !this.#socket.writable;
  }

  #pull(): void {
    for (let chunk = this.#socket.read(); chunk !== null; chunk = this.#socket.read()) this.#received.push(chunk);
  }
}
