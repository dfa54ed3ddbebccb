import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { FakeNwa } from './fake-nwa.js';

export interface ServedNwa extends AsyncDisposable {
  readonly uri: string;
  readonly port: number;
}

/** Puts the emulator behind a TCP port of this machine: the emulator's side of each connection stays in the process. */
export const serveNwa = async (emulator: FakeNwa, port = 0): Promise<ServedNwa> => {
  const host = '127.0.0.1';
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const inside = emulator.at(1)(
      { host, port: 1 },
      { open: () => {}, bytes: (chunk) => socket.write(chunk), close: () => socket.end() },
    );
    socket.on('data', (chunk) => inside.send(chunk));
    socket.on('close', () => {
      sockets.delete(socket);
      inside.destroy();
    });
    socket.on('error', () => {});
  }).listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    uri: `nwa://${host}:${address.port}`,
    port: address.port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
