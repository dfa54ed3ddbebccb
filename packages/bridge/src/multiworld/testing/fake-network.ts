import {
  type ClientPacket,
  decodeClientMessage,
  encodeServerMessage,
  type ServerPacket,
} from '@causeway/protocol/archipelago';
import type { Socket, SocketClose, SocketFactory, SocketHandlers } from '../socket.js';

/** A websocket whose other end is the test. */
export class FakeSocket implements Socket {
  readonly url: string;
  readonly #handlers: SocketHandlers;
  /** Messages of the client that the test has not taken. */
  readonly sent: string[] = [];
  bufferedBytes = 0;
  pings = 0;
  /** How the client ended it, if it did. */
  ended: 'closed' | 'terminated' | undefined;
  #over = false;

  constructor(url: string, handlers: SocketHandlers) {
    this.url = url;
    this.#handlers = handlers;
  }

  /** Whether the client still listens. */
  get alive(): boolean {
    return !this.#over;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  ping(): void {
    this.pings += 1;
  }

  close(): void {
    this.ended ??= 'closed';
  }

  terminate(): void {
    this.ended = 'terminated';
  }

  open(): void {
    this.#handlers.open();
  }

  pong(): void {
    this.#handlers.pong();
  }

  /** Delivers a message as it stands, also after the end: a late event must do nothing. */
  deliver(text: string | undefined): void {
    this.#handlers.message(text);
  }

  say(...packets: readonly ServerPacket[]): void {
    this.deliver(encodeServerMessage(packets));
  }

  end(close: Partial<SocketClose> = {}): void {
    this.#over = true;
    this.#handlers.close({ code: 1006, reason: '', ...close });
  }

  /** Takes what the client has sent. */
  take(): readonly ClientPacket[] {
    return this.sent.splice(0).flatMap((text) =>
      decodeClientMessage(text).map((entry) => {
        if (entry.kind !== 'packet') throw new Error(`the client sent nonsense: ${text}`);
        return entry.packet;
      }),
    );
  }
}

/** Every socket a client makes, in order. */
export class FakeNetwork {
  readonly sockets: FakeSocket[] = [];

  readonly connect: SocketFactory = (url, handlers) => {
    const socket = new FakeSocket(url, handlers);
    this.sockets.push(socket);
    return socket;
  };

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('the client has not dialled');
    return socket;
  }
}
