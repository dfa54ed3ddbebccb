import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { SocketClose } from './socket.js';
import { isWrongProtocol, wsSocket } from './ws-socket.js';

const failure = (message: string, code?: string): NodeJS.ErrnoException => Object.assign(new Error(message), { code });

describe('wsSocket', () => {
  it.each([
    ['wss://h', failure('wrong version number', 'EPROTO'), true],
    ['ws://h', failure('socket hang up', 'ECONNRESET'), true],
    ['ws://h', failure('Parse Error: Expected HTTP/', 'HPE_INVALID_CONSTANT'), true],
    ['wss://h', failure('socket hang up', 'ECONNRESET'), false],
    ['wss://h', failure('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'), false],
    ['ws://h', failure('connect ECONNREFUSED', 'ECONNREFUSED'), false],
    ['ws://h', failure('Unexpected server response: 404'), false],
  ])('%s and %s: %s', (url, error, wrong) => {
    expect(isWrongProtocol(url, error)).toBe(wrong);
  });

  it('offers compression, exchanges messages and closes', async () => {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      perMessageDeflate: { serverMaxWindowBits: 11, threshold: 0 },
    });
    await once(server, 'listening');
    server.on('connection', (peer) => peer.on('message', (data) => peer.send(`echo ${data.toString()}`)));
    const told: unknown[] = [];
    const text = 'x'.repeat(5_000);
    const close = await new Promise<SocketClose>((resolve) => {
      const socket = wsSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {
        open: () => {
          told.push('open');
          socket.ping();
        },
        pong: () => {
          told.push('pong');
          socket.send(text);
        },
        message: (answer) => {
          told.push(answer);
          socket.close(1000);
        },
        close: resolve,
      });
    });
    expect(told).toEqual(['open', 'pong', `echo ${text}`]);
    expect(close).toEqual({ code: 1000, reason: '' });
    server.close();
  });

  it('tells of a port where nobody listens', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const ignore = (): void => {};
    const close = await new Promise<SocketClose>((resolve) => {
      wsSocket(`ws://127.0.0.1:${port}`, { open: ignore, message: ignore, pong: ignore, close: resolve });
    });
    expect(close).toMatchObject({ code: 1006, wrongProtocol: false, problem: expect.stringContaining('ECONNREFUSED') });
  });
});
