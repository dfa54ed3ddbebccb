import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcp, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { MessageSocketClose } from './message-socket.js';
import { wsMessageSocket } from './ws-message-socket.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const portOf = (server: Pick<Server, 'address'>): number => (server.address() as { port: number }).port;

interface Seen {
  readonly messages: (string | Uint8Array)[];
  readonly close: MessageSocketClose;
}
const dial = (port: number, greet: (string | Uint8Array)[] = []): Promise<Seen> =>
  new Promise((resolve) => {
    const messages: (string | Uint8Array)[] = [];
    const socket = wsMessageSocket(`ws://127.0.0.1:${port}`, {
      open: () => {
        for (const message of greet) socket.send(message);
      },
      text: (message) => messages.push(message),
      bytes: (message) => messages.push(Uint8Array.from(message)),
      close: (close) => resolve({ messages, close }),
    });
  });

test('carries text and bytes both ways, and the words of a goodbye', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  closers.push(() => server.close());
  await once(server, 'listening');
  let origin: string | undefined;
  server.on('connection', (socket, request) => {
    origin = request.headers.origin;
    let count = 0;
    socket.on('message', (data, isBinary) => {
      socket.send(data, { binary: isBinary });
      if (++count === 2) socket.close(1000, 'Device error');
    });
  });
  const { messages, close } = await dial(portOf(server), ['hello', Uint8Array.of(1, 2)]);
  expect(messages).toEqual(['hello', Uint8Array.of(1, 2)]);
  expect(close).toEqual({ code: 1000, reason: 'Device error' });
  expect(origin).toBeUndefined();
});

test('nobody there is not foreign', async () => {
  const server = createTcp().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  const { close } = await dial(port);
  expect(close).toMatchObject({ code: 1006, problem: expect.stringContaining('ECONNREFUSED') });
  expect(close.foreign).toBeUndefined();
});

test('a web server and a program of another kind are', async () => {
  const web = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  const line = createTcp((socket) => socket.on('error', () => {}).end('220 ready\r\n')).listen(0, '127.0.0.1');
  closers.push(
    () => web.close(),
    () => line.close(),
  );
  await Promise.all([once(web, 'listening'), once(line, 'listening')]);
  expect((await dial(portOf(web))).close.foreign).toBe(true);
  expect((await dial(portOf(line))).close.foreign).toBe(true);
});

test('a message beyond all measure ends it', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  closers.push(() => server.close());
  await once(server, 'listening');
  server.on('connection', (socket) => socket.on('error', () => {}).send(new Uint8Array(2 * 1024 * 1024)));
  const { messages, close } = await dial(portOf(server));
  expect(messages).toEqual([]);
  expect(close.code).toBe(1006);
});
