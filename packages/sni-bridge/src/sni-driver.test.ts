import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeSni, RA } from './grpc/testing/fake-sni.js';
import { tcpByteSocket } from './nwa/tcp-byte-socket.js';
import { FakeNwa } from './nwa/testing/fake-nwa.js';
import { serveNwa } from './nwa/testing/serve-nwa.js';
import { createSniDriver } from './sni-driver.js';
import { putHeader } from './testing/put-header.js';

const HOST = '127.0.0.1';
const coded = (code: string) => expect.objectContaining({ code });
const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo();
});

/** A port on which nothing listens, of TCP or of UDP. */
const silentPort = async (): Promise<number> => {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
};

/** Answers RetroArch's commands as far as a listing needs them. */
const retroarch = async (): Promise<number> => {
  const socket = createSocket('udp4');
  const answers: Record<string, string> = {
    VERSION: '1.14.0\n',
    GET_STATUS: 'GET_STATUS PLAYING super_nes,testgame,crc32=1234abcd\n',
  };
  socket.on('message', (text, { port, address }) => {
    for (const line of text.toString('latin1').split('\n')) {
      const answer = answers[line];
      if (answer) socket.send(answer, port, address);
    }
  });
  socket.bind(0, HOST);
  await once(socket, 'listening');
  cleanUp.push(() => socket.close());
  return socket.address().port;
};

/** Nothing of what really runs on this machine. */
const nowhere = async () => ({
  retroarch: { endpoints: [{ host: HOST, port: await silentPort() }] },
  usb2snes: { ports: [await silentPort()] },
  grpc: { endpoints: [{ host: HOST, port: await silentPort() }] },
  nwa: { endpoints: [{ host: HOST, port: await silentPort() }] },
});

describe('every way to a SNES at once', () => {
  it('finds nothing where nothing is, in under a second, and says what to do', async () => {
    const driver = createSniDriver(await nowhere());
    const started = performance.now();
    expect(await driver.detect()).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1_000);
    await expect(driver.open(undefined)).rejects.toMatchObject({
      code: 'device_not_found',
      fix: expect.stringContaining('Network Commands'),
    });
  });

  it('lists a RetroArch once that SNI shows as well', async () => {
    const port = await retroarch();
    const sni = new FakeSni();
    const device = `ra://127.0.0.1:${port}`;
    sni.devices = [{ uri: device, displayName: 'RetroArch', kind: 'retroarch', capabilities: [1, 2] }];
    cleanUp.push(() => sni.stop());
    const grpc = { endpoints: [{ host: HOST, port: await sni.start() }] };
    const driver = createSniDriver({ ...(await nowhere()), retroarch: { endpoints: [{ host: HOST, port }] }, grpc });
    const found = await driver.detect();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ uri: `retroarch://127.0.0.1:${port}`, state: 'ready', system: 'SNES' });
    expect(found[0]?.detail).toContain(encodeURIComponent(device));
  });

  it('opens each by its scheme', async () => {
    const sni = new FakeSni();
    putHeader(sni.memory, 0x7fb0);
    cleanUp.push(() => sni.stop());
    const port = await sni.start();
    const emulator = new FakeNwa();
    const elsewhere = await nowhere();
    const driver = createSniDriver({ ...elsewhere, nwa: { socketFactory: emulator.at(48_879) } });
    await using behindSni = await driver.open(`sni://127.0.0.1:${port}/?device=${encodeURIComponent(RA)}`);
    expect(behindSni.info).toMatchObject({ driver: 'sni', rom: { title: 'TESTGAME' } });
    await using direct = await driver.open('nwa://127.0.0.1:48879');
    expect(direct.info.driver).toBe('nwa');
    await expect(driver.open(`usb2snes://127.0.0.1:${elsewhere.usb2snes.ports[0]}`)).rejects.toBeInstanceOf(Error);
    await expect(driver.open('bizhawk://127.0.0.1:43055')).rejects.toEqual(coded('usage'));
  });

  it('looks where the environment says', async () => {
    const port = await retroarch();
    const { usb2snes, grpc, nwa } = await nowhere();
    const driver = createSniDriver({ usb2snes, grpc, nwa, env: { SNI_RETROARCH_HOSTS: `localhost:${port}` } });
    expect(await driver.detect()).toMatchObject([{ uri: `retroarch://localhost:${port}`, state: 'ready' }]);
    expect(() => createSniDriver({ env: { SNI_RETROARCH_HOSTS: 'a b' } })).toThrowError(coded('usage'));
  });

  it('reaches an NWA emulator over TCP', async () => {
    const emulator = new FakeNwa();
    await using served = await serveNwa(emulator);
    const endpoints = [{ host: HOST, port: served.port }];
    const driver = createSniDriver({ ...(await nowhere()), nwa: { endpoints, socketFactory: tcpByteSocket } });
    emulator.memories.get('WRAM')?.set([1, 2, 3], 0x1_0000);
    await using device = await driver.open(undefined);
    const { reads } = await device.run([{ kind: 'read', at: { domain: 'WRAM', offset: 0x1_0000 }, size: 3 }]);
    expect(reads).toEqual([Uint8Array.of(1, 2, 3)]);
    emulator.die();
    expect(await device.closed).toMatchObject({ reason: 'lost' });
  });
});
