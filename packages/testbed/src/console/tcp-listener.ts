import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Door, listenFailure } from './door.js';

/** Listens on loopback and hands every connection to `serve`. @throws `port_in_use` */
export const listenTcp = async (port: number, serve: (socket: Socket) => void): Promise<Door> => {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that is gone: `close` follows.
    socket.on('error', () => {});
    serve(socket);
  });
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch (cause) {
    throw listenFailure('TCP', port, cause);
  }
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const done = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await done;
  };
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};
