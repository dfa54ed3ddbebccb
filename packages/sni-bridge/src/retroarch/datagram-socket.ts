import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import type { Endpoint } from '../endpoint.js';

/** Called by a socket, never before its factory returned. */
export interface DatagramHandlers {
  datagram(text: string): void;
  /** The system says that nobody listens there, or that nothing can be sent: the socket is of no further use. */
  failed(problem: string): void;
}

/** A UDP socket with one peer, small enough to fake. */
export interface DatagramSocket {
  send(text: string): void;
  /** Nothing is called any more. Calling it twice is fine. */
  close(): void;
}

export type DatagramSocketFactory = (endpoint: Endpoint, handlers: DatagramHandlers) => DatagramSocket;

/** A whole burst of replies must fit: Linux gives 208 KiB unless asked for more (measured: 64 replies of 6 KiB got lost). */
const RECEIVE_BUFFER = 1024 * 1024;

/** Connected, so that the system tells when nobody listens: an unconnected socket never learns. */
class UdpSocket implements DatagramSocket {
  readonly #socket: Socket;
  readonly #sent: (error: Error | null) => void;
  #waiting: string[] | undefined = [];
  #closed = false;

  constructor(endpoint: Endpoint, handlers: DatagramHandlers) {
    this.#socket = createSocket(isIP(endpoint.host) === 6 ? 'udp6' : 'udp4');
    const fail = (error: Error): void => {
      if (this.#closed) return;
      this.close();
      handlers.failed(error.message);
    };
    // With several datagrams under way the refusal of one is told to the next `send`, and without a callback to nobody.
    this.#sent = (error) => {
      if (error) fail(error);
    };
    this.#socket.on('error', fail);
    this.#socket.on('message', (bytes) => {
      if (!this.#closed) handlers.datagram(bytes.toString('utf8'));
    });
    this.#socket.connect(endpoint.port, endpoint.host, (error?: Error) => {
      if (error) return fail(error);
      if (this.#closed) return;
      this.#widen();
      for (const text of this.#waiting?.splice(0) ?? []) this.#socket.send(text, this.#sent);
      this.#waiting = undefined;
    });
  }

  send(text: string): void {
    if (this.#closed) return;
    if (this.#waiting) this.#waiting.push(text);
    else this.#socket.send(text, this.#sent);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }

  #widen(): void {
    try {
      this.#socket.setRecvBufferSize(RECEIVE_BUFFER);
    } catch {
      // Some systems allow less; what does not fit is asked for again.
    }
  }
}

export const udpSocket: DatagramSocketFactory = (endpoint, handlers) => new UdpSocket(endpoint, handlers);
