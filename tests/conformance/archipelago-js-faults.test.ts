import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  type MultiworldServer,
  type RoomDefinition,
  readRoom,
  readRoomFile,
  startServer,
} from '@causeway/testbed/server';
import * as library from 'archipelago.js';
import { type API, Client } from 'archipelago.js';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { roomText } from './server/recording.js';

/**
 * What archipelago.js 2.1.0 gets wrong, as listed in `docs/archipelago-js.md` under the same numbers. Each test states what the
 * library does today; one that fails after an update tells that a fault is gone, and its entry with it.
 */

const scope = globalThis as { WebSocket?: unknown };
const original = scope.WebSocket;
let room: RoomDefinition;

/** Every socket the library has made in a test: it keeps them to itself. */
const made: Recorded[] = [];

class Recorded extends WebSocket {
  constructor(url: string | URL) {
    super(url);
    made.push(this);
  }
}

beforeAll(async () => {
  scope.WebSocket = Recorded;
  room = await readRoomFile(fileURLToPath(new URL('../../packages/testbed/rooms/duo.json', import.meta.url)));
});
afterAll(() => {
  scope.WebSocket = original;
});

const clients: Client[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.socket.disconnect();
  for (const socket of made.splice(0)) socket.terminate();
});

const login = async (
  server: MultiworldServer,
  name = 'Robin',
  options = {},
  client = new Client(),
): Promise<Client> => {
  clients.push(client);
  await client.login(server.url, name, name === 'Robin' ? 'Emberwalk' : 'Gullhaven', options);
  return client;
};

/** Everything sent before has been answered. */
const answered = (client: Client): Promise<unknown> => client.storage.fetch('_read_race_mode');

/** What became of a promise by the time that the server has answered something sent later. */
const fateOf = async (promise: Promise<unknown>, later: () => Promise<unknown>): Promise<string> => {
  let fate = 'pending';
  promise.then(
    () => {
      fate = 'resolved';
    },
    () => {
      fate = 'rejected';
    },
  );
  await later();
  await new Promise((resolve) => setImmediate(resolve));
  return fate;
};

/** The first error that the library throws into the event of its last socket, where nothing catches it. */
const escapeFromSocket = (): Promise<unknown> => {
  const socket = made.at(-1);
  const handler = socket?.onmessage;
  if (!socket || !handler) throw new Error('the library has no socket');
  return new Promise((resolve) => {
    socket.onmessage = (event) => {
      try {
        handler.call(socket, event);
      } catch (error) {
        resolve(error);
      }
    };
  });
};

const ROOM_INFO = {
  cmd: 'RoomInfo',
  version: { class: 'Version', major: 0, minor: 6, build: 7 },
  generator_version: { class: 'Version', major: 0, minor: 6, build: 7 },
  tags: ['AP'],
  password: false,
  permissions: { release: 0, collect: 0, remaining: 0 },
  hint_cost: 10,
  location_check_points: 1,
  games: ['Game'],
  datapackage_checksums: {},
  seed_name: 'stand-in',
  time: 0,
};
const CONNECTED = {
  cmd: 'Connected',
  team: 0,
  slot: 1,
  players: [{ team: 0, slot: 1, alias: 'Ana', name: 'Ana' }],
  missing_locations: [],
  checked_locations: [],
  slot_info: { 1: { name: 'Ana', game: 'Game', type: 1, group_members: [] } },
  hint_points: 0,
  slot_data: {},
};

/** A server that says what a test makes it say. */
const standIn = async (onMessage: (socket: WebSocket, commands: { cmd: string }[]) => void, greets = true) => {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  server.on('connection', (socket) => {
    if (greets) socket.send(JSON.stringify([ROOM_INFO]));
    socket.on('message', (data) => onMessage(socket, JSON.parse(String(data)) as { cmd: string }[]));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
    http.close();
  });
  return { server, url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}` };
};

const lets = (socket: WebSocket, commands: { cmd: string }[]): void => {
  if (commands.some(({ cmd }) => cmd === 'Connect')) socket.send(JSON.stringify([CONNECTED]));
};

describe('archipelago.js 2.1.0', () => {
  it('1: has no WebSocket in plain Node 20, and fails over its own check', async () => {
    scope.WebSocket = undefined;
    try {
      await expect(new Client().socket.connect('ws://127.0.0.1:1')).rejects.toThrow(
        new TypeError('IsomorphousWebSocket is not a constructor'),
      );
    } finally {
      scope.WebSocket = Recorded;
    }
  });

  it('2: lets the late close of an old socket close the new one', async () => {
    await using server = await startServer({ room });
    const client = await login(server);
    const [first] = made;
    const closeLate = first?.onclose;
    // Its peer stalls, and does not answer the goodbye.
    server.faults.freeze();
    await login(server, 'Robin', {}, client);
    expect(client.authenticated).toBe(true);
    // Only now has the closing handshake of the first connection ended.
    closeLate?.({ target: first, type: 'close', code: 1000, reason: '', wasClean: true } as never);
    expect(client.authenticated).toBe(false);
  });

  it.each([
    ['broken JSON', '[{"cmd":'],
    ['a number Python writes', '[{"cmd":"SetReply","key":"k","value":NaN,"original_value":0}]'],
    ['a DeathLink bounce without data', '[{"cmd":"Bounced","tags":["DeathLink"]}]'],
    ['an update of an unknown slot', '[{"cmd":"RoomUpdate","players":[{"team":0,"slot":9,"alias":"a","name":"a"}]}]'],
  ])('3: throws out of the socket at %s, which ends a Node process', async (_, text) => {
    await using server = await startServer({ room });
    await login(server);
    const escaped = escapeFromSocket();
    server.faults.garbage(text);
    expect(await escaped).toBeInstanceOf(Error);
  });

  it('3: loses the rest of a message when a listener throws', async () => {
    const { url, server } = await standIn(lets);
    const client = new Client();
    clients.push(client);
    await client.login(url, 'Ana', 'Game');
    const escaped = escapeFromSocket();
    client.socket.on('bounced', () => {
      throw new Error('a launcher’s mistake');
    });
    const item = { item: 1, location: 1, player: 1, flags: 0 };
    const message = JSON.stringify([
      { cmd: 'Bounced', data: {} },
      { cmd: 'ReceivedItems', index: 0, items: [item] },
    ]);
    for (const peer of server.clients) peer.send(message);
    expect(await escaped).toMatchObject({ message: 'a launcher’s mistake' });
    expect(client.items.count).toBe(0);
  });

  it('4: does not hang up on a server that has not greeted, nor after a refusal', async () => {
    const { url, server } = await standIn(() => {}, false);
    const mute = new Client();
    const opened = new Promise((resolve) => server.once('connection', resolve));
    mute.socket.connect(url).catch(() => {});
    await opened;
    const [peer] = server.clients;
    let closed = false;
    peer?.once('close', () => {
      closed = true;
    });
    mute.socket.disconnect();
    const heard = new Promise((resolve) => peer?.once('pong', resolve));
    peer?.ping();
    await heard;
    expect(closed).toBe(false);

    await using real = await startServer({ room });
    await expect(login(real, 'Nobody')).rejects.toThrow('InvalidSlot');
    expect(real.connections).toBe(1);
  });

  it('5: keeps the handlers of every login', async () => {
    await using server = await startServer({ room });
    const client = new Client();
    const counting = { on: client.socket.on.bind(client.socket), off: client.socket.off.bind(client.socket) };
    const listeners = new Set<unknown>();
    client.socket.on = (event, listener) => {
      if (event === 'connectionRefused') listeners.add(listener);
      return counting.on(event, listener);
    };
    client.socket.off = (event, listener) => {
      if (event === 'connectionRefused') listeners.delete(listener);
      return counting.off(event, listener);
    };
    for (let logins = 0; logins < 3; logins += 1) {
      // Else fault 2 ends the new connection with the old one.
      server.faults.freeze();
      await login(server, 'Robin', {}, client);
    }
    expect(listeners.size).toBe(3);
  });

  it('6: waits out its time limit when the server hangs up during the login', async () => {
    const { url } = await standIn((socket, commands) => {
      if (commands.some(({ cmd }) => cmd === 'Connect')) socket.close();
    });
    const client = new Client({ timeout: 700 });
    let disconnectedAt = 0;
    client.socket.on('disconnected', () => {
      disconnectedAt = Date.now();
    });
    await expect(client.login(url, 'Ana', 'Game')).rejects.toThrow('Server failed to respond in time.');
    expect(Date.now() - disconnectedAt).toBeGreaterThan(300);
  });

  it('7: does not notice that the status of a hint changed', async () => {
    await using server = await startServer({ room });
    const robin = await login(server);
    const pip = await login(server, 'Pip');
    await robin.scout([320_016], 2);
    await answered(pip);
    await answered(pip);
    const [hint] = pip.items.hints;
    const before = hint?.status;
    hint?.updateStatus(10);
    await answered(pip);
    await answered(pip);
    expect(server.room.hints(2)[0]?.status).toBe(10);
    expect(before).not.toBe(10);
    expect(pip.items.hints[0]?.status).toBe(before);
  });

  it('8: dates deaths in whole seconds, up to one in the future, and swallows a second one in the same', async () => {
    await using server = await startServer({ room });
    const robin = await login(server, 'Robin', { tags: ['DeathLink'] });
    const pip = await login(server, 'Pip', { tags: ['DeathLink'] });
    const times: unknown[] = [];
    const deaths: string[] = [];
    pip.socket.on('bounced', (_packet, data) => times.push(data['time']));
    pip.deathLink.on('deathReceived', (source) => deaths.push(source));
    const now = Date.now() / 1000;
    robin.deathLink.sendDeathLink('Robin');
    await answered(robin);
    const [time] = times;
    expect(Number.isInteger(time)).toBe(true);
    expect(Number(time)).toBeGreaterThanOrEqual(now);
    robin.bounce({ tags: ['DeathLink'] }, { time: time as number, source: 'Somebody else' });
    await answered(robin);
    await answered(pip);
    expect(times).toHaveLength(2);
    expect(deaths).toEqual(['Robin']);
  });

  it('9: takes an own bounce for the death of another, and none with an empty source for a death', async () => {
    await using server = await startServer({ room });
    const robin = await login(server, 'Robin', { tags: ['DeathLink'] });
    const deaths: string[] = [];
    robin.deathLink.on('deathReceived', (source) => deaths.push(source));
    robin.bounce({ tags: ['DeathLink'] }, { time: 5.5, source: 'Robin' });
    robin.bounce({ tags: ['DeathLink'] }, { time: 6.5, source: '' });
    await answered(robin);
    expect(deaths).toEqual(['Robin']);
  });

  it('10: wraps name groups in the key of the storage', async () => {
    await using server = await startServer({ room });
    const client = await login(server);
    const groups = await client.storage.fetchItemNameGroups('Emberwalk');
    expect(Object.keys(groups)).toEqual(['_read_item_name_groups_Emberwalk']);
  });

  it('11: leaves a storage request pending for ever when the server hangs up over it, or for any other reason', async () => {
    await using server = await startServer({ room });
    const client = await login(server);
    const hungUp = new Promise<void>((resolve) => client.socket.on('disconnected', resolve));
    const wrong = client.storage
      .prepare('k', 'text')
      .add(1 as never)
      .commit(true);
    expect(await fateOf(wrong, () => hungUp)).toBe('pending');
    const again = await login(server);
    const gone = new Promise<void>((resolve) => again.socket.on('disconnected', resolve));
    const fetching = again.storage.fetch('k');
    server.faults.cut();
    expect(await fateOf(fetching, () => gone)).toBe('pending');
  });

  it('12: waits for ever for the echo of what is not echoed', async () => {
    await using server = await startServer({ room });
    const client = await login(server);
    expect(await fateOf(client.messages.say('two\nlines'), () => answered(client))).toBe('pending');
    expect(await fateOf(client.messages.say('!admin login guess'), () => answered(client))).toBe('pending');
    const quiet = await login(server, 'Pip', { tags: ['NoText'] });
    expect(await fateOf(quiet.messages.say('hello'), () => answered(quiet))).toBe('pending');
  });

  it('13: sorts locations as text', async () => {
    const { url } = await standIn((socket, commands) => {
      const answer = { ...CONNECTED, missing_locations: [1, 2, 3, 10] };
      if (commands.some(({ cmd }) => cmd === 'Connect')) socket.send(JSON.stringify([answer]));
    });
    const client = new Client();
    clients.push(client);
    await client.login(url, 'Ana', 'Game');
    expect(client.room.missingLocations).toEqual([1, 10, 2, 3]);
  });

  it('14: finds players that are not there, and throws when they are looked at', async () => {
    await using server = await startServer({ room });
    const client = await login(server);
    const nobody = client.players.findPlayer(99);
    expect(nobody).toBeDefined();
    expect(() => nobody?.alias).toThrow(TypeError);
  });

  it('15: asks for data packages one round trip at a time', async () => {
    await using server = await startServer({ room: readRoom(roomText('trio')) });
    const client = new Client();
    clients.push(client);
    const traffic: string[] = [];
    client.socket.on('sentPackets', (packets) => traffic.push(...packets.map(({ cmd }) => cmd)));
    client.socket.on('receivedPacket', ({ cmd }) => traffic.push(cmd));
    await client.login(server.url, 'Cyd', 'ChecksFinder');
    const packages = traffic.filter((cmd) => cmd.includes('DataPackage'));
    expect(packages.length).toBeGreaterThanOrEqual(4);
    expect(packages).toEqual(packages.map((_, index) => (index % 2 === 0 ? 'GetDataPackage' : 'DataPackage')));
    expect(traffic.indexOf('Connect')).toBeGreaterThan(traffic.lastIndexOf('DataPackage'));
  });

  it('16: takes any data package for the answer to its own request', async () => {
    await using server = await startServer({ room });
    const client = await login(server, 'Robin', {}, new Client({ autoFetchDataPackage: false }));
    // Another part of the program asks for a game of its own on the same connection, just before.
    client.socket.send({ cmd: 'GetDataPackage', games: ['Gullhaven'] });
    await expect(client.package.fetchPackage(['Emberwalk'])).rejects.toThrow(TypeError);
  });

  it('17: promises by its types what the server leaves out', () => {
    // Compiles today: a bounce needs no data, a server before 0.5.1 sends no slot with a SetReply, `slot_data` can be declined.
    const bounced = (packet: API.BouncedPacket): API.JSONRecord => packet.data;
    const replied = (packet: API.SetReplyPacket): API.JSONSerializable => packet.original_value;
    const connected = (packet: API.ConnectedPacket): API.JSONSerializable => packet.slot_data;
    expect([bounced, replied, connected]).toHaveLength(3);
    expect(Object.keys(library)).toContain('clientStatuses');
    expect(Object.keys(library)).not.toContain('hintStatuses');
  });

  it('18: takes an imported package for the one of the room', async () => {
    await using server = await startServer({ room });
    const client = await login(server);
    const stale = { checksum: 'stale', item_name_to_id: { Old: 310_001 }, location_name_to_id: {} };
    client.package.importPackage({ games: { Emberwalk: stale } });
    await client.package.fetchPackage(['Emberwalk']);
    expect(client.package.lookupItemName('Emberwalk', 310_001)).toBe('Old');
  });
});
