import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientPacket } from '@causeway/protocol/archipelago';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { systemClock } from '../clock.js';
import { silentLogger } from '../logger.js';
import { realEngine } from './real-engine.js';

const NAMES = { checksum: 'abc', item_name_to_id: { Sword: 1 }, location_name_to_id: {} };
const GREETING = {
  cmd: 'RoomInfo',
  version: { major: 0, minor: 6, build: 7 },
  games: ['Game'],
  datapackage_checksums: { Game: 'abc' },
  seed_name: 'seed',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-engine-'));
  vi.stubEnv('CAUSEWAY_CACHE_DIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** Joins a server that hands out names and refuses everybody. Returns what it was sent. */
const knock = async (): Promise<readonly ClientPacket[]> => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const sent: ClientPacket[] = [];
  server.on('connection', (socket) => {
    socket.send(JSON.stringify([GREETING]));
    socket.on('message', (data) => {
      sent.push(...(JSON.parse(String(data)) as ClientPacket[]));
      const names = { cmd: 'DataPackage', data: { games: { Game: NAMES } } };
      socket.send(JSON.stringify([names, { cmd: 'ConnectionRefused', errors: ['InvalidSlot'] }]));
    });
  });
  await new Promise<void>((resolve) => {
    const multiworld = realEngine.openMultiworld({
      server: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      slot: 'Ana',
      password: () => undefined,
      request: {
        identity: { title: 'Game', itemsHandling: 7 },
        game: 'Game',
        onEvent: ({ kind }) => {
          if (kind === 'refused') void multiworld.close().then(resolve);
        },
      },
      clock: systemClock,
      logger: silentLogger,
    });
  });
  server.close();
  return sent;
};

test('a run finds the names and the id of the machine that the run before has kept', async () => {
  const first = await knock();
  expect(first.map(({ cmd }) => cmd)).toEqual(['GetDataPackage', 'Connect', 'Get']);
  const path = join(folder, 'datapackage', 'Game', 'abc.json');
  await vi.waitUntil(() => existsSync(path));
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(NAMES);

  const second = await knock();
  expect(second.map(({ cmd }) => cmd)).toEqual(['Connect', 'Get']);
  const [uuid] = first.flatMap((packet) => (packet.cmd === 'Connect' ? [packet.uuid] : []));
  expect(second[0]).toMatchObject({ uuid });
  expect(JSON.parse(readFileSync(join(folder, 'common.json'), 'utf8'))).toEqual({ uuid });
});
