import { once } from 'node:events';
import { type AddressRange, encodeRanges, encodeRequest, type Opcode, totalSize } from '@causeway/protocol/usb2snes';
import { WebSocket } from 'ws';

/** A plain client: sends what it is told and keeps what comes. Knows nothing of our driver. */
export class TestClient {
  readonly socket: WebSocket;
  readonly texts: string[] = [];
  /** How the server closed: code and words. */
  readonly closed: Promise<{ code: number; reason: string }>;
  #bytes: Buffer = Buffer.alloc(0);
  #wake: () => void = () => {};

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, { headers, perMessageDeflate: false });
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.#bytes = Buffer.concat([this.#bytes, data]);
      else this.texts.push(data.toString());
      this.#wake();
    });
    this.socket.on('error', () => this.#wake());
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => {
        this.#wake();
        resolve({ code, reason: String(reason) });
      });
    });
  }

  static async open(url: string, headers?: Record<string, string>): Promise<TestClient> {
    const client = new TestClient(url, headers);
    await once(client.socket, 'open');
    return client;
  }

  static async attached(url: string, name = 'test://console'): Promise<TestClient> {
    const client = await TestClient.open(url);
    client.send('Attach', name);
    return client;
  }

  send(opcode: Opcode | 'Stream', ...operands: readonly string[]): void {
    this.socket.send(encodeRequest(opcode as Opcode, operands));
  }

  /** One request, its results. */
  async ask(opcode: Opcode, ...operands: readonly string[]): Promise<readonly string[]> {
    this.send(opcode, ...operands);
    await this.#until(() => this.texts.length > 0);
    return JSON.parse(this.texts.shift() ?? '').Results;
  }

  async get(...ranges: readonly AddressRange[]): Promise<Uint8Array> {
    this.send('GetAddress', ...encodeRanges(ranges));
    return this.take(totalSize(ranges));
  }

  /** So many bytes as they come. */
  async take(size: number): Promise<Uint8Array> {
    await this.#until(() => this.#bytes.length >= size);
    const taken = Uint8Array.from(this.#bytes.subarray(0, size));
    this.#bytes = this.#bytes.subarray(size);
    return taken;
  }

  put(range: AddressRange, data: Uint8Array): void {
    this.send('PutAddress', ...encodeRanges([range]));
    this.socket.send(data);
  }

  async #until(there: () => boolean): Promise<void> {
    while (!there()) {
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('the server closed the socket');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
