import { WebSocket } from 'ws';
import type { MessageSocketFactory } from './message-socket.js';

/** SNI answers one request in one message, and we never ask for so much at once. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
const NORMAL_CLOSURE = 1000;

/** The errors of a connection that was never made, as opposed to one that led to another kind of program. */
const isUnreachable = ({ code = '' }: NodeJS.ErrnoException): boolean =>
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL|EACCES)$/.test(code);

/** Websockets of the `ws` package. It sends no `Origin`, which servers that look for one take as a program, not a page. */
export const wsMessageSocket: MessageSocketFactory = (url, handlers) => {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    followRedirects: false,
  });
  let opened = false;
  let failure: NodeJS.ErrnoException | undefined;
  socket.on('open', () => {
    opened = true;
    handlers.open();
  });
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) handlers.bytes(data);
    else handlers.text(data.toString());
  });
  socket.on('error', (error) => {
    failure ??= error;
  });
  socket.on('close', (code, reason) => {
    handlers.close({
      code,
      reason: reason.toString(),
      ...(failure ? { problem: failure.message || failure.code || 'unknown error' } : {}),
      ...(failure && !opened && !isUnreachable(failure) ? { foreign: true } : {}),
    });
  });
  return {
    // An error of sending is followed by `close`, which says it all.
    send: (message) => socket.send(message, () => {}),
    close: () => socket.close(NORMAL_CLOSURE),
    terminate: () => socket.terminate(),
  };
};
