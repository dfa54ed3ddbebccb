import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Received } from './test-room.js';

/** A websocket client that keeps what it gets. */
export class TestClient implements AsyncDisposable {
  readonly socket: WebSocket;
  readonly texts: string[] = [];
  readonly closed: Promise<number>;
  readonly #waiting = new Set<() => void>();

  constructor(url: string, options: { readonly perMessageDeflate?: boolean; readonly autoPong?: boolean } = {}) {
    this.socket = new WebSocket(url, options);
    this.socket.on('message', (data) => {
      this.texts.push(data.toString());
      this.#wake();
    });
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.socket.on('close', (code) => resolve(code)));
    void this.closed.then(() => this.#wake());
  }

  static async join(url: string, name: string, game: string, tags: readonly string[] = ['AP']): Promise<TestClient> {
    const client = new TestClient(url);
    await once(client.socket, 'open');
    client.login(name, game, tags);
    await client.waitFor('Connected');
    return client;
  }

  login(name: string, game: string, tags: readonly string[] = ['AP']): void {
    const version = { class: 'Version', major: 0, minor: 6, build: 7 };
    const items_handling = 7;
    this.send({
      cmd: 'Connect',
      password: null,
      game,
      name,
      uuid: '',
      version,
      items_handling,
      tags,
      slot_data: false,
    });
  }

  get packets(): readonly Received[] {
    return this.texts.flatMap((text) => JSON.parse(text) as Received[]);
  }

  send(...packets: readonly object[]): void {
    this.socket.send(JSON.stringify(packets));
  }

  /** The first packet of a kind that fits, now or later. Rejects when the connection ends without it. */
  async waitFor(cmd: string, fits: (packet: Received) => boolean = () => true): Promise<Received> {
    for (;;) {
      const found = this.packets.find((packet) => packet.cmd === cmd && fits(packet));
      if (found) return found;
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error(`closed without ${cmd}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Waits until the server has handled what was sent and everything it sent is here. */
  async settle(): Promise<void> {
    const pong = once(this.socket, 'pong');
    this.socket.ping();
    await Promise.race([pong, this.closed]);
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.close(1000);
    else this.socket.terminate();
    await this.closed;
  }
}
