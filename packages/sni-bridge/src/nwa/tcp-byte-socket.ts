import { connect } from 'node:net';
import type { ByteSocketFactory } from './byte-socket.js';

/** How long a peer that does not read may keep us from leaving, in milliseconds. */
const FLUSH_MS = 500;

export const tcpByteSocket: ByteSocketFactory = ({ host, port }, handlers) => {
  const socket = connect({ host, port, noDelay: true });
  let problem: string | undefined;
  socket.on('connect', () => handlers.open());
  socket.on('data', (chunk) => handlers.bytes(chunk));
  socket.on('error', (error) => {
    problem = error.message;
  });
  socket.on('end', () => socket.destroy());
  socket.on('close', () => handlers.close(problem));
  return {
    send: (bytes) => {
      socket.write(bytes);
    },
    end: () => {
      socket.destroySoon();
      socket.setTimeout(FLUSH_MS, () => socket.destroy());
    },
    destroy: () => {
      socket.destroy();
    },
  };
};
