import { connect, type Socket } from 'node:net';
import type { CloseInfo } from '@causeway/bridge/device';
import {
  type ConnectorRequest,
  type ConnectorResponse,
  decodeResponses,
  decodeVersion,
  encodeRequests,
  LineDecoder,
  VERSION_LINE,
} from '@causeway/protocol/connector';
import { CausewayError } from '@causeway/protocol/errors';
import { type Link, linkEnd } from './link.js';

export interface TcpLinkOptions {
  readonly host: string;
  readonly port: number;
  /** Longest answer taken, in bytes. */
  readonly maxLineBytes: number;
}

interface Pending {
  readonly resolve: (line: string) => void;
  readonly reject: (error: CausewayError) => void;
}

/** More than a version number ever takes; what is longer is no connector. */
const MAX_VERSION_BYTES = 256;
/** How long a closed link may take to hand its last bytes to a peer that does not read, in milliseconds. */
const FLUSH_MS = 500;

/**
 * One TCP connection to a connector script that listens.
 *
 * The version line leaves in the same turn as the connection is made: the reference connector forgets a client whose
 * first line is not there on the first frame after it was accepted.
 */
export class TcpLink implements Link {
  readonly uri: string;
  /** What the connector answers `VERSION` with. Rejects like {@link Link.exchange}. */
  readonly version: Promise<number>;
  readonly closed: Promise<CloseInfo>;
  readonly #socket: Socket;
  readonly #decoder = new LineDecoder({ maxBytes: MAX_VERSION_BYTES });
  readonly #maxLineBytes: number;
  #pending: Pending | undefined;
  #connected = false;
  #received = 0;
  #ended = false;
  #end: CausewayError | undefined;
  #resolveClosed: (info: CloseInfo) => void = () => {};

  constructor(options: TcpLinkOptions) {
    this.uri = bizhawkUri(options.host, options.port);
    this.#maxLineBytes = options.maxLineBytes;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#socket = connect({ host: options.host, port: options.port, noDelay: true });
    this.#socket.on('connect', () => {
      this.#connected = true;
    });
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error) => this.destroy(this.#fault(error)));
    this.#socket.on('end', () => this.destroy(this.#fault()));
    this.#socket.on('close', () => this.destroy(this.#fault()));
    this.version = this.#line(VERSION_LINE).then((line) => this.#decode(line, decodeVersion));
    // Whoever made the link awaits it; a link that is thrown away first must not count as an unhandled rejection.
    this.version.catch(() => {});
  }

  /** Whether the peer's machine took the connection, which says nothing of the script. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Bytes the peer has sent so far. */
  get receivedBytes(): number {
    return this.#received;
  }

  async exchange(requests: readonly ConnectorRequest[]): Promise<readonly ConnectorResponse[]> {
    const line = await this.#line(encodeRequests(requests));
    return this.#decode(line, decodeResponses);
  }

  close(): Promise<void> {
    if (!this.#ended) {
      this.#finish(undefined);
      // The peer may never close its side (the reference does not): leave once ours is sent.
      this.#socket.destroySoon();
      this.#socket.setTimeout(FLUSH_MS, () => this.#socket.destroy());
    }
    return this.closed.then(() => {});
  }

  destroy(error: CausewayError): void {
    if (this.#ended) return;
    this.#finish(error);
    this.#socket.destroy();
  }

  #finish(error: CausewayError | undefined): void {
    this.#ended = true;
    this.#end = error;
    this.#pending?.reject(error ?? closedByUs());
    this.#pending = undefined;
    this.#resolveClosed(linkEnd(error));
  }

  #line(text: string): Promise<string> {
    if (this.#ended) return Promise.reject(this.#end ?? closedByUs());
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      // One write per line: the reference loses a line that is not there in full when its frame's read happens.
      this.#socket.write(`${text}\n`, 'latin1');
    });
  }

  #decode<T>(line: string, decode: (line: string) => T): T {
    try {
      return decode(line);
    } catch (error) {
      const fault = CausewayError.from(error, 'protocol_malformed');
      this.destroy(fault);
      throw fault;
    }
  }

  #take(chunk: Uint8Array): void {
    if (this.#ended) return;
    this.#received += chunk.length;
    let lines: string[];
    try {
      lines = this.#decoder.push(chunk);
    } catch (error) {
      this.destroy(CausewayError.from(error, 'protocol_malformed'));
      return;
    }
    const [line] = lines;
    const surplus = lines.length > 1 || (line !== undefined && this.#decoder.pendingBytes > 0);
    if (surplus || !this.#pending) {
      this.destroy(new CausewayError('protocol_unexpected', 'The connector sent something it was not asked for.'));
      return;
    }
    if (line === undefined) return;
    const { resolve } = this.#pending;
    this.#pending = undefined;
    this.#decoder.maxBytes = this.#maxLineBytes;
    resolve(line);
  }

  #fault(cause?: NodeJS.ErrnoException): CausewayError {
    const options = { context: { uri: this.uri }, ...(cause ? { cause } : {}) };
    // A peer that takes a connection and resets it at once is seen before the connection is reported.
    if (!this.#connected && cause?.code !== 'ECONNRESET') {
      return new CausewayError('device_refused', `Nothing takes connections at ${this.uri}.`, options);
    }
    return new CausewayError('device_lost', `The emulator at ${this.uri} closed the connection.`, options);
  }
}

const closedByUs = (): CausewayError => new CausewayError('device_closed', 'The connection was closed.');

/** The name that opens the connector listening on `port`. */
export const bizhawkUri = (host: string, port: number): string =>
  `bizhawk://${host.includes(':') ? `[${host}]` : host}:${port}`;
