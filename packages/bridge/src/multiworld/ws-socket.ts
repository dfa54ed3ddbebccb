import { rootCertificates } from 'node:tls';
import { WebSocket } from 'ws';
import type { Socket, SocketFactory, SocketHandlers } from './socket.js';

/** Far above anything a server sends at once; a 77-game data package is 3.5 MB (`archipelago.md` §17). */
const MAX_SERVER_MESSAGE_BYTES = 64 * 1024 * 1024;

/**
 * Whether an error of opening means "this port speaks the other protocol".
 *
 * Seen with Node 20 and `ws` against the real server (`archipelago.md` §1): TLS on a plain port ends in `EPROTO`, plain on a
 * TLS port in `ECONNRESET` or an answer that is no HTTP. Refusals, timeouts and bad certificates are none of these.
 */
export const isWrongProtocol = (url: string, error: NodeJS.ErrnoException): boolean => {
  const code = error.code ?? '';
  if (url.startsWith('wss:')) return code === 'EPROTO';
  return code === 'ECONNRESET' || code.startsWith('HPE_') || error.message === 'socket hang up';
};

/** Websockets of the `ws` package. */
export const wsSocket: SocketFactory = (url, handlers) => open(url, handlers, {});

/** As {@link wsSocket}, and these certificates (PEM) count as good besides those everybody trusts. */
export const wsSocketTrusting = (certificates: readonly string[]): SocketFactory => {
  const ca = [...rootCertificates, ...certificates];
  return (url, handlers) => open(url, handlers, { ca });
};

const open = (url: string, handlers: SocketHandlers, trust: { readonly ca?: string[] }): Socket => {
  const socket = new WebSocket(url, {
    // Without compression the server complains to the player; its windows are 11 bits, so small messages gain little.
    perMessageDeflate: { threshold: 256 },
    maxPayload: MAX_SERVER_MESSAGE_BYTES,
    followRedirects: false,
    ...trust,
  });
  let opened = false;
  let failure: NodeJS.ErrnoException | undefined;
  socket.on('open', () => {
    opened = true;
    handlers.open();
  });
  socket.on('message', (data, isBinary) => handlers.message(isBinary ? undefined : data.toString()));
  socket.on('pong', () => handlers.pong());
  socket.on('error', (error) => {
    failure ??= error;
  });
  socket.on('close', (code, reason) => {
    handlers.close({
      code,
      reason: reason.toString(),
      ...(failure ? { problem: failure.message || failure.code || 'unknown error' } : {}),
      ...(failure && !opened ? { wrongProtocol: isWrongProtocol(url, failure) } : {}),
    });
  });
  return {
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    // An error of sending is followed by `close`, which says it all.
    send: (text) => socket.send(text, () => {}),
    ping: () => socket.ping(undefined, undefined, () => {}),
    close: (code) => socket.close(code),
    terminate: () => socket.terminate(),
  };
};
