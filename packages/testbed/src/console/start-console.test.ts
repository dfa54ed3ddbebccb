import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startConsole } from './start-console.js';

/** Holds a UDP port of this machine. */
const holdUdp = async (port: number) => {
  const socket = createSocket('udp4');
  // Either tells whether the port was free.
  await Promise.race([
    once(socket.bind(port, '127.0.0.1'), 'listening'),
    once(socket, 'error').then(([error]) => Promise.reject(error)),
  ]);
  return {
    port: socket.address().port,
    release: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
};

const freeUdpPort = async (): Promise<number> => {
  const held = await holdUdp(0);
  await held.release();
  return held.port;
};

describe('a started console', () => {
  it.each(['nwa', 'usb2snes', 'grpc'] as const)('lets go of its other doors when that of %s is taken', async (door) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const taken = typeof address === 'object' && address ? address.port : 0;
    const retroarch = await freeUdpPort();
    await expect(startConsole({ retroarch, [door]: taken })).rejects.toMatchObject({ code: 'port_in_use' });
    const held = await holdUdp(retroarch);
    await held.release();
    server.close();
  });

  it('stays off, and says so, when its port was taken while it was off', async () => {
    await using running = await startConsole({ retroarch: 0, fps: 'manual' });
    await running.quit();
    const held = await holdUdp(running.ports.retroarch ?? 0);
    await expect(running.restart()).rejects.toMatchObject({ code: 'port_in_use' });
    expect(running.running).toBe(false);
    await held.release();
    await running.restart();
    await running.step(3);
    expect([running.running, running.console.frame]).toEqual([true, 3]);
  });

  it('is gone for good once it is disposed of, however often', async () => {
    const running = await startConsole({ retroarch: 0, nwa: 0, usb2snes: 0, grpc: 0, fps: 'manual' });
    const port = running.ports.retroarch ?? 0;
    await Promise.all([running[Symbol.asyncDispose](), running[Symbol.asyncDispose](), running.kill()]);
    await expect(running.restart()).rejects.toMatchObject({ code: 'device_closed' });
    expect(running.running).toBe(false);
    const held = await holdUdp(port);
    await held.release();
  });
});
