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

it.each(['before it stands', 'when it stands'])(
  'frees what it holds, closed %s, and is silent from then on',
  async (when) => {
    const { peer, port } = await listen();
    const udp = (): number => process.getActiveResourcesInfo().filter((name) => name === 'UDPWrap').length;
    // The peer alone: those of other tests are closed a moment later.
    await expect.poll(udp).toBe(1);
    const told: string[] = [];
    const handlers = { datagram: (text: string) => void told.push(text), failed: (why: string) => void told.push(why) };
    const socket = udpSocket({ host: '127.0.0.1', port }, handlers);
    socket.send('hello');
    if (when === 'when it stands') await once(peer, 'message');
    socket.close();
    socket.close();
    socket.send('gone');
    await expect.poll(udp).toBe(1);
    expect(told).toEqual([]);
    peer.close();
  },
);
