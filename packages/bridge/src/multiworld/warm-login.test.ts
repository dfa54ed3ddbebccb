import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientPacket, DataPackage, ServerPacket } from '@causeway/protocol/archipelago';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settled } from '../testing/virtual-clock.js';
import { type CacheFiles, diskFiles } from './cache-files.js';
import { diskDataPackages } from './data-packages-disk.js';
import { ClientHarness } from './testing/client-harness.js';

const GAMES = ['Game', 'Archipelago', ...Array.from({ length: 75 }, (_, index) => `Other game ${index}`)];
const CHECKSUMS = Object.fromEntries(GAMES.map((name, index) => [name, `checksum${index}`]));
const GREETING = { games: GAMES, datapackage_checksums: CHECKSUMS };

const packets = (): DataPackage => ({
  cmd: 'DataPackage',
  data: {
    games: Object.fromEntries(
      GAMES.map((name) => [
        name,
        { checksum: CHECKSUMS[name], item_name_to_id: { [`${name} sword`]: 1 }, location_name_to_id: {} },
      ]),
    ),
  },
});

/** Answers what a client said to a greeting. */
const letIn = async (harness: ClientHarness, sent: readonly ClientPacket[], ...more: readonly ServerPacket[]) => {
  const answers: ServerPacket[] = [];
  const peer = {
    joined: false,
    subscriptions: new Set<string>(),
    send: (answer: readonly ServerPacket[]) => answers.push(...answer),
  };
  for (const packet of sent) harness.room.handle(peer, packet);
  harness.socket.say(...answers, ...more);
  await settled();
  harness.socket.take();
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-warm-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a login to 77 games with everything cached opens no package until a name is wanted, and asks for none', async () => {
  const opened: string[] = [];
  const files: CacheFiles = {
    ...diskFiles,
    read: (path, limit) => {
      opened.push(path);
      return diskFiles.read(path, limit);
    },
  };

  const cold = diskDataPackages({ folder, files });
  const first = new ClientHarness({ dataPackages: cold });
  const asked = await first.greet(GREETING);
  expect(asked).toMatchObject([{ cmd: 'GetDataPackage', games: GAMES }, { cmd: 'Connect' }, { cmd: 'Get' }]);
  await letIn(first, asked, packets());
  await cold.idle();
  expect(opened).toEqual([]);

  const second = new ClientHarness({ dataPackages: diskDataPackages({ folder, files }) });
  second.room.find();
  const warm = await second.greet(GREETING);
  expect(warm.map(({ cmd }) => cmd)).toEqual(['Connect', 'Get']);
  await letIn(second, warm);
  expect(second.client.status).toBe('joined');
  expect(second.client.room?.items).toHaveLength(1);
  expect(opened).toEqual([]);

  expect(second.client.names.item(1, 1)).toBe('Game sword');
  expect(second.client.names.item(1, 2)).toBe('Game sword');
  expect(opened).toEqual([join(folder, 'datapackage', 'Game', 'checksum0.json')]);
});

test('a package that turns out to be broken is asked for once, and written anew', async () => {
  const store = diskDataPackages({ folder });
  store.save('Game', 'abc', { checksum: 'abc', item_name_to_id: {}, location_name_to_id: {} });
  await store.idle();
  await diskFiles.write(join(folder, 'datapackage', 'Game', 'abc.json'), 'half a pack');
  const warm = diskDataPackages({ folder });
  const harness = new ClientHarness({ dataPackages: warm });
  await letIn(harness, await harness.greet({ games: ['Game'], datapackage_checksums: { Game: 'abc' } }));
  expect(harness.client.names.item(1, 1)).toBe('Unknown item (ID: 1)');
  expect(harness.client.names.item(2, 1)).toBe('Unknown item (ID: 2)');
  expect(harness.socket.take().filter(({ cmd }) => cmd === 'GetDataPackage')).toEqual([
    { cmd: 'GetDataPackage', games: ['Game'] },
  ]);
  const names = { checksum: 'abc', item_name_to_id: { Sword: 1 }, location_name_to_id: {} };
  harness.socket.say({ cmd: 'DataPackage', data: { games: { Game: names } } });
  expect(harness.client.names.item(1, 1)).toBe('Sword');
  await warm.idle();
  expect(diskDataPackages({ folder }).load('Game', 'abc')).toEqual(names);
});

test('a game whose name every object knows is nothing special', async () => {
  const harness = new ClientHarness({ dataPackages: diskDataPackages({ folder }) });
  const sent = await harness.greet({ games: ['Game'], datapackage_checksums: { Game: 'abc' } });
  await letIn(harness, sent);
  harness.socket.say(
    { cmd: 'RoomUpdate', slot_info: { 1: { name: 'Ana', game: 'constructor', type: 1, group_members: [] } } },
    { cmd: 'RoomUpdate', players: [{ team: 0, slot: 1, alias: 'Ana', name: 'Ana' }] },
  );
  await settled();
  expect(harness.client.room?.players[0]?.game).toBe('constructor');
  expect(harness.client.names.item(1, 1)).toBe('Unknown item (ID: 1)');
  harness.socket.say({
    cmd: 'DataPackage',
    data: { games: { constructor: { item_name_to_id: { Sword: 1 }, location_name_to_id: {} } } },
  });
  await settled();
  expect(harness.client.names.item(1, 1)).toBe('Sword');
  expect(harness.kinds()).not.toContain('problem');
});
