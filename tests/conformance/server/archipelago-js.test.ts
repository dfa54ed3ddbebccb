import { fileURLToPath } from 'node:url';
import {
  type MultiworldServer,
  playThrough,
  type RoomDefinition,
  readRoomFile,
  startServer,
} from '@causeway/testbed/server';
import { Client, clientStatuses, LoginError } from 'archipelago.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

/**
 * The npm library, which knows nothing of us, plays the duo room on our server: both slots, from the first check to both
 * goals. It takes its WebSocket from the global scope, where Node 20 has none.
 */

const scope = globalThis as { WebSocket?: unknown };
const original = scope.WebSocket;
let room: RoomDefinition;

beforeAll(async () => {
  scope.WebSocket = WebSocket;
  room = await readRoomFile(fileURLToPath(new URL('../../../packages/testbed/rooms/duo.json', import.meta.url)));
});
afterAll(() => {
  scope.WebSocket = original;
});

/** Plain `ws` first: the library tries TLS before it when it is given no scheme. */
const login = async (server: MultiworldServer, name: string, game: string, options = {}): Promise<Client> => {
  const client = new Client();
  await client.login(server.url, name, game, options);
  return client;
};

/** Waits until something holds, looking again at every packet. */
const until = (client: Client, holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (!holds()) return;
      client.socket.off('receivedPacket', later);
      resolve();
    };
    // The library's own listeners run in any order; by the next microtask all have.
    const later = (): void => queueMicrotask(look);
    client.socket.on('receivedPacket', later);
    look();
  });

describe('archipelago.js on our server', () => {
  it('plays the duo room through, by both slots', async () => {
    await using server = await startServer({ room });
    const robin = await login(server, 'Robin', 'Emberwalk');
    const pip = await login(server, 'Pip', 'Gullhaven');
    const clients = new Map([
      [1, robin],
      [2, pip],
    ]);
    expect(pip.players.slots).toMatchObject({ 1: { name: 'Robin', game: 'Emberwalk' }, 2: { name: 'Pip' } });
    const texts: string[] = [];
    pip.messages.on('itemSent', (text) => texts.push(text));

    const { spheres } = playThrough(room);
    for (const sphere of spheres) {
      for (const [slot, client] of clients) {
        client.check(...sphere.filter(([finder]) => finder === slot).map(([, location]) => location));
      }
      // Whatever lies in this sphere must arrive before the next one can be opened.
      for (const [slot, client] of clients)
        await until(client, () => client.items.count === server.room.items(slot).length);
      await Promise.all([...clients.values()].map((client) => client.storage.fetch('_read_race_mode')));
    }

    for (const [slot, client] of clients) {
      await until(client, () => client.room.missingLocations.length === 0);
      const received = client.items.received.map(({ id, locationId, flags }) => ({ id, locationId, flags }));
      const held = server.room
        .items(slot)
        .map(({ item, location, flags }) => ({ id: item, locationId: location, flags }));
      expect(received).toEqual(held);
    }
    expect(robin.items.count).toBe(24);
    expect(pip.items.count).toBe(16);
    expect(texts).toContain('Pip sent Axe to Robin (Market: Well)');
    expect(texts).toHaveLength(40);

    const done = until(pip, () => server.room.status(1) === clientStatuses.goal);
    robin.goal();
    await done;
    const congratulated = new Promise<string>((resolve) => {
      robin.messages.on('message', (text) => text.includes('Congratulations') && resolve(text));
    });
    pip.goal();
    expect(await congratulated).toContain('Team #1 has completed all of their games!');
    robin.socket.disconnect();
    pip.socket.disconnect();
  });

  it('is refused with the reasons', async () => {
    await using server = await startServer({ room, password: 'hush' });
    const refused = login(server, 'Robin', 'Gullhaven', { password: 'wrong' });
    await expect(refused).rejects.toBeInstanceOf(LoginError);
    await expect(refused).rejects.toSatisfy((error: LoginError) => {
      expect([...error.errors].sort()).toEqual(['InvalidGame', 'InvalidPassword']);
      return true;
    });
    const client = await login(server, 'Robin', 'Emberwalk', { password: 'hush' });
    expect(client.room.seedName).toBe('causeway-duo');
    client.socket.disconnect();
  });

  it('scouts, hints, stores, chats and shares deaths', async () => {
    await using server = await startServer({ room });
    const robin = await login(server, 'Robin', 'Emberwalk', { tags: ['DeathLink'] });
    const pip = await login(server, 'Pip', 'Gullhaven', { tags: ['DeathLink'] });
    const camp = 320016;

    const [scouted] = await robin.scout([camp], 2);
    expect(scouted).toMatchObject({ name: 'Rope', locationName: 'Crossroads: Camp' });
    await until(pip, () => pip.items.hints.length === 1);
    expect(pip.items.hints[0]?.item.locationName).toBe('Crossroads: Camp');

    const found = new Promise((resolve) => pip.items.on('hintFound', resolve));
    robin.check(camp);
    await found;
    await until(pip, () => pip.items.received.some(({ name }) => name === 'Rope'));

    const changes: unknown[] = [];
    await pip.storage.notify(['energy'], (_key, value) => changes.push(value));
    const stored = await robin.storage.prepare('energy', 0).add(1000).max(0).commit(true);
    expect(stored).toBe(1000);
    await until(pip, () => changes.length > 0);
    expect(changes).toEqual([1000]);

    const heard = new Promise<string>((resolve) => pip.messages.on('chat', (message) => resolve(message)));
    await robin.messages.say('the well is deep');
    expect(await heard).toBe('the well is deep');

    const death = new Promise<string>((resolve) => pip.deathLink.on('deathReceived', (source) => resolve(source)));
    robin.deathLink.sendDeathLink('Robin', 'Robin fell into the well');
    expect(await death).toBe('Robin');
    robin.socket.disconnect();
    pip.socket.disconnect();
  });
});
