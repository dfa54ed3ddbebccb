import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { MAX_CLIENT_MESSAGE_BYTES } from '@causeway/protocol/archipelago';
import { type WebSocket, WebSocketServer } from 'ws';
import { acceptDeflate, type DeflateTerms, offerText } from './deflate-offer.js';

/** Small, as the reference server has it: a room holds a deflate and an inflate stream per client. */
const MEMORY_LEVEL = 5;
const CHUNK_BYTES = 4096;

/** Turns HTTP upgrades into websockets with the extension terms of the reference server. */
export class Upgrader {
  /** `ws` takes the terms from the server object, so there is one per kind of terms; a handful in practice. */
  readonly #servers = new Map<string, WebSocketServer>();

  /** Calls back with the open socket and whether it compresses. A handshake that is none is answered and ended. */
  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    opened: (websocket: WebSocket, compressed: boolean) => void,
  ): void {
    const problem = refusal(request);
    if (problem !== undefined) {
      answerBadRequest(socket, problem);
      return;
    }
    const terms = acceptDeflate(request.headers['sec-websocket-extensions']);
    if (terms) request.headers['sec-websocket-extensions'] = offerText(terms);
    else delete request.headers['sec-websocket-extensions'];
    this.#serverFor(terms).handleUpgrade(request, socket, head, (websocket) => opened(websocket, terms !== undefined));
  }

  close(): void {
    for (const server of this.#servers.values()) server.close();
    this.#servers.clear();
  }

  #serverFor(terms: DeflateTerms | undefined): WebSocketServer {
    const key = terms ? offerText(terms) : '';
    const known = this.#servers.get(key);
    if (known) return known;
    const server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: MAX_CLIENT_MESSAGE_BYTES,
      handleProtocols: () => false,
      perMessageDeflate: terms ? deflateOptions(terms) : false,
    });
    this.#servers.set(key, server);
    return server;
  }
}

const deflateOptions = (terms: DeflateTerms) => ({
  serverNoContextTakeover: terms.serverNoContextTakeover,
  clientNoContextTakeover: terms.clientNoContextTakeover,
  serverMaxWindowBits: terms.serverMaxWindowBits,
  ...(terms.clientMaxWindowBits === undefined ? {} : { clientMaxWindowBits: terms.clientMaxWindowBits }),
  threshold: 0,
  zlibDeflateOptions: { memLevel: MEMORY_LEVEL, chunkSize: CHUNK_BYTES },
  zlibInflateOptions: { chunkSize: CHUNK_BYTES },
});

/** What the reference server answers with 400: anything but a GET of version 13. */
const refusal = (request: IncomingMessage): string | undefined => {
  if (request.method !== 'GET') return 'Failed to open a WebSocket connection: unsupported HTTP method.\n';
  if (request.headers['sec-websocket-version'] !== '13') {
    return 'Failed to open a WebSocket connection: unsupported version.\n';
  }
  return undefined;
};

const answerBadRequest = (socket: Duplex, text: string): void => {
  socket.on('error', () => {});
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Length: ${text.length}\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${text}`,
  );
};
