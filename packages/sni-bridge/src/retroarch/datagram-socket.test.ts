import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { udpSocket } from './datagram-socket.js';

const listen = async (): Promise<{ readonly peer: Socket; readonly port: number }> => {
  const peer = createSocket('udp4').bind(0, '127.0.0.1');
  await once(peer, 'listening');
  return { peer, port: (peer.address() as AddressInfo).port };
};

it('sends what was sent before it stood, and hands over what comes', async () => {
  const { peer, port } = await listen();
  peer.on('message', (bytes, from) => peer.send(`${bytes}!`, from.port, from.address));
  const came: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const socket = udpSocket(
      { host: '127.0.0.1', port },
      {
        datagram: (text) => {
          came.push(text);
          if (came.length === 2) resolve(socket.close());
        },
        failed: reject,
      },
    );
    socket.send('one');
    socket.send('two');
  });
  expect(came).toEqual(['one!', 'two!']);
  peer.close();
});

it.each([1, 2, 8])('notices that nobody listens any more, with %i datagrams under way', async (count) => {
  const { peer, port } = await listen();
  peer.on('message', (_, from) => peer.send('here', from.port, from.address));
  const problem = await new Promise<string>((resolve) => {
    const socket = udpSocket(
      { host: '127.0.0.1', port },
      {
        datagram: () => {
          peer.close(() => {
            for (let sent = 0; sent < count; sent++) socket.send('anybody?');
          });
        },
        failed: resolve,
      },
    );
    socket.send('hello');
  });
  expect(problem).toContain('ECONNREFUSED');
});
