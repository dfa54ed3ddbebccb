import type { Duplex } from 'node:stream';
import type { Clock } from '@causeway/bridge';
import type { WebSocket } from 'ws';
import type { Client } from '../room/client.js';

/** The reference server pings every 20 s and gives up 20 s later. */
const PING_EVERY_MS = 20_000;
const PONG_WITHIN_MS = 20_000;
const PING_PAYLOAD = Buffer.from('ping');
const LOST_PING = 1011;

/** First bytes of a text frame that announces 64 bytes and brings three. */
const HALF_FRAME = Buffer.from([0x81, 0x40, 0x5b, 0x7b, 0x22]);

/** One client's socket: sends, closes once, pings. */
export class Connection {
  readonly client: Client;
  readonly #websocket: WebSocket;
  readonly #socket: Duplex;
  readonly #clock: Clock;
  #cancelTimer: () => void = () => {};
  #frozen = false;
  #ended = false;

  constructor(client: Client, websocket: WebSocket, socket: Duplex, clock: Clock) {
    this.client = client;
    this.#websocket = websocket;
    this.#socket = socket;
    this.#clock = clock;
    websocket.on('pong', () => this.#expectPing());
    this.#expectPing();
  }

  /** Slot it is logged in to; 0 before that. */
  get slot(): number {
    return this.client.slot;
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  /** No more messages are taken from it or given to it. */
  get ended(): boolean {
    return this.#ended;
  }

  sendRaw(text: string): void {
    if (this.#ended || this.#frozen || this.#websocket.readyState !== this.#websocket.OPEN) return;
    // A socket that dies under a message is reported by its close event.
    this.#websocket.send(text, () => {});
  }

  sendHalfFrame(): void {
    if (!this.#ended) this.#socket.write(HALF_FRAME);
    this.#frozen = true;
  }

  freeze(): void {
    this.#frozen = true;
    this.#cancelTimer();
    this.#websocket.pause();
  }

  close(code: number): void {
    if (this.#ended) return;
    this.end();
    this.#websocket.resume();
    this.#websocket.close(code);
  }

  /** Ends it without a closing handshake. */
  cut(): void {
    this.end();
    this.#websocket.terminate();
  }

  /** Stops what runs by itself. The socket may still be finishing its closing handshake. */
  end(): void {
    this.#ended = true;
    this.#cancelTimer();
  }

  #expectPing(): void {
    this.#cancelTimer();
    if (this.#ended || this.#frozen) return;
    this.#cancelTimer = this.#clock.after(PING_EVERY_MS, () => this.#ping());
  }

  #ping(): void {
    if (this.#websocket.readyState !== this.#websocket.OPEN) return;
    this.#websocket.ping(PING_PAYLOAD, undefined, () => {});
    this.#cancelTimer = this.#clock.after(PONG_WITHIN_MS, () => this.close(LOST_PING));
  }
}
