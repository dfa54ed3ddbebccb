import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setImmediate as tick } from 'node:timers/promises';
import { VirtualClock } from '@causeway/bridge/testing';
import { describe, expect, it } from 'vitest';
import { startServer } from './multiworld-server.js';
import { readRoom } from './room/read-room.js';
import type { MultiworldServer, ServerOptions } from './server-contract.js';
import { TestClient } from './test-support/test-client.js';
import { SMALL_ROOM } from './test-support/test-room.js';

const start = (options: Partial<ServerOptions> = {}): Promise<MultiworldServer> =>
  startServer({ room: readRoom(SMALL_ROOM), ...options });

describe('a multiworld server', () => {
  it('names the port that another program holds', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(start({ port })).rejects.toMatchObject({ code: 'port_in_use', context: { port } });
    other.close();
  });

  it('listens on loopback only', async () => {
    await using server = await start();
    expect(server.url).toBe(`ws://127.0.0.1:${server.port}`);
    expect(server.host).toBe('127.0.0.1');
  });

  it('overrides password, options and seed of the room', async () => {
    await using server = await start({ password: 'hush', seed: 'another', options: { hintCost: 99 } });
    await using client = new TestClient(server.url);
    expect(await client.waitFor('RoomInfo')).toMatchObject({ password: true, seed_name: 'another', hint_cost: 99 });
    client.login('Ann', 'Oak');
    expect(await client.waitFor('ConnectionRefused')).toMatchObject({ errors: ['InvalidPassword'] });
  });

  it('stops twice, tells clients 1001 and frees the port', async () => {
    const server = await start();
    const { port } = server;
    const client = await TestClient.join(server.url, 'Ann', 'Oak');
    await Promise.all([server.stop(), server.stop()]);
    await server.stopped;
    expect(await client.closed).toBe(1001);
    await using again = await start({ port });
    expect(again.port).toBe(port);
  });

  it('stops when the host types /exit', async () => {
    const server = await start();
    const client = await TestClient.join(server.url, 'Ann', 'Oak');
    server.console('/exit');
    await server.stopped;
    expect(await client.closed).toBe(1001);
  });

  it('does not wait for clients that never answer the close', async () => {
    const clock = new VirtualClock();
    const server = await start({ clock });
    const socket = connect(server.port, server.host);
    await once(socket, 'connect');
    socket.write(
      'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    await once(socket, 'data');
    socket.resume();
    const gone = once(socket, 'close');
    const stopped = server.stop();
    await tick();
    clock.pass(2000);
    await stopped;
    await gone;
  });

  it('keeps the room over a restart and can go back to an older save', async () => {
    await using server = await start();
    const fresh = server.save();
    const first = await TestClient.join(server.url, 'Ann', 'Oak');
    first.send({ cmd: 'LocationChecks', locations: [10] });
    await first.waitFor('RoomUpdate');
    const { port } = server;
    await server.restart();
    expect(server.port).toBe(port);
    expect(await first.closed).toBe(1001);
    await using second = await TestClient.join(server.url, 'Ann', 'Oak');
    expect(await second.waitFor('Connected')).toMatchObject({ checked_locations: [10] });
    await server.restart({ port: 0, save: fresh });
    await using third = await TestClient.join(server.url, 'Ann', 'Oak');
    expect(await third.waitFor('Connected')).toMatchObject({ checked_locations: [] });
    expect(server.room.status(1)).toBe(5);
  });

  it('refuses messages over 1 MiB, counted after inflation', async () => {
    await using server = await start();
    for (const perMessageDeflate of [true, false]) {
      await using client = new TestClient(server.url, { perMessageDeflate });
      await once(client.socket, 'open');
      client.socket.send(`[${' '.repeat(1024 * 1024)}]`);
      expect(await client.closed).toBe(1009);
    }
    await using client = new TestClient(server.url);
    await once(client.socket, 'open');
    client.socket.send(`[${' '.repeat(1024 * 1024 - 2)}]`);
    await client.settle();
    expect(server.connections).toBe(1);
  });

  it('pings every 20 s and gives up 20 s later with 1011', async () => {
    const clock = new VirtualClock();
    await using server = await start({ clock });
    await using alive = await TestClient.join(server.url, 'Ann', 'Oak');
    await using dead = new TestClient(server.url, { autoPong: false });
    await once(dead.socket, 'open');
    await dead.settle();
    const pings = [once(alive.socket, 'ping'), once(dead.socket, 'ping')];
    clock.pass(20_000);
    for (const ping of pings) expect(((await ping) as [Buffer])[0]).toHaveLength(4);
    await alive.settle();
    clock.pass(19_999);
    expect(server.connections).toBe(2);
    clock.pass(1);
    expect(await dead.closed).toBe(1011);
    while (server.connections > 1) await tick();
    expect(server.room.connectionsOf(1)).toBe(1);
  });

  it('plays on when a listener throws', async () => {
    await using server = await start({
      onEvent: () => {
        throw new Error('listener');
      },
    });
    await using client = await TestClient.join(server.url, 'Ann', 'Oak');
    client.send({ cmd: 'LocationChecks', locations: [10] });
    await client.waitFor('RoomUpdate');
    expect(server.room.checked(1)).toEqual([10]);
  });

  it('answers what is no websocket', async () => {
    await using server = await start();
    const response = await fetch(server.url.replace('ws:', 'http:'));
    expect(response.status).toBe(426);
  });

  it('survives bytes that break the protocol', async () => {
    await using server = await start();
    for (const bytes of ['\x81\x85....', '\xff\xff\xff\xff', '\x83\x80abcd', 'GET / HTTP/1.1\r\n\r\n']) {
      const client = new TestClient(server.url);
      await once(client.socket, 'open');
      (client.socket as unknown as { _socket: { write(data: Buffer): void } })._socket.write(
        Buffer.from(bytes, 'latin1'),
      );
      (client.socket as unknown as { _socket: { end(): void } })._socket.end();
      await client.closed;
    }
    await using client = await TestClient.join(server.url, 'Ann', 'Oak');
    expect(client.packets.length).toBeGreaterThan(0);
  });
});

describe('a crowd', () => {
  it('of 300 clients comes, plays, watches and leaves nothing behind', async () => {
    await using server = await start();
    const clients: TestClient[] = [];
    for (let batch = 0; batch < 6; batch += 1) {
      const joining = Array.from({ length: 50 }, () => TestClient.join(server.url, 'Ann', 'Oak', ['AP', 'NoText']));
      clients.push(...(await Promise.all(joining)));
    }
    expect(server.room.connectionsOf(1)).toBe(300);
    for (const client of clients) client.send({ cmd: 'SetNotify', keys: ['k'] });
    await Promise.all(clients.map((client) => client.settle()));
    const [writer] = clients;
    writer!.send(
      { cmd: 'Set', key: 'k', operations: [{ operation: 'add', value: 1 }] },
      { cmd: 'LocationChecks', locations: [10] },
    );
    await Promise.all(clients.flatMap((client) => [client.waitFor('SetReply'), client.waitFor('RoomUpdate')]));
    // Half say goodbye, half vanish.
    clients.forEach((client, index) => void (index % 2 ? client.socket.close(1000) : client.socket.terminate()));
    await Promise.all(clients.map(({ closed }) => closed));
    while (server.connections > 0) await tick();
    expect(server.room.connections).toBe(0);
    expect(server.room.watched().size).toBe(0);
    expect(server.room.status(1)).toBe(0);
  }, 30_000);
});
