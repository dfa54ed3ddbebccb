import { once } from 'node:events';
import { setImmediate as tick } from 'node:timers/promises';
import { VirtualClock } from '@causeway/bridge/testing';
import { describe, expect, it } from 'vitest';
import { startServer } from '../multiworld-server.js';
import { readRoom } from '../room/read-room.js';
import { TestClient } from '../test-support/test-client.js';
import { SMALL_ROOM } from '../test-support/test-room.js';

const clock = () => new VirtualClock();
const start = (time = clock()) => startServer({ room: readRoom(SMALL_ROOM), clock: time });

describe('fault switches', () => {
  it('cut chosen connections without goodbye', async () => {
    await using server = await start();
    const ann = await TestClient.join(server.url, 'Ann', 'Oak');
    await using ben = await TestClient.join(server.url, 'Ben', 'Oak');
    server.faults.cut(({ slot }) => slot === 1);
    expect(await ann.closed).toBe(1006);
    await ben.waitFor('PrintJSON', ({ type }) => type === 'Part');
    expect(server.connections).toBe(1);
  });

  it('close with a code', async () => {
    await using server = await start();
    const ann = await TestClient.join(server.url, 'Ann', 'Oak');
    server.faults.close(1000);
    expect(await ann.closed).toBe(1000);
  });

  it('cut at a message, whose effect is lost with it', async () => {
    await using server = await start();
    const ann = await TestClient.join(server.url, 'Ann', 'Oak');
    await ann.settle();
    server.faults.cutAfter(2);
    ann.send({ cmd: 'SetNotify', keys: ['k'] });
    await ann.settle();
    ann.send({ cmd: 'LocationChecks', locations: [10] });
    expect(await ann.closed).toBe(1006);
    expect(server.room.checked(1)).toEqual([]);
  });

  it('can cut between the check and its answer', async () => {
    await using server = await start();
    const ann = await TestClient.join(server.url, 'Ann', 'Oak');
    await ann.settle();
    const before = ann.texts.length;
    server.faults.cutAfter(2);
    ann.send({ cmd: 'LocationChecks', locations: [10] });
    expect(await ann.closed).toBe(1006);
    expect(server.room.checked(1)).toEqual([10]);
    expect(ann.texts).toHaveLength(before);
  });

  it('refuse new connections and let the old ones be', async () => {
    await using server = await start();
    await using ann = await TestClient.join(server.url, 'Ann', 'Oak');
    server.faults.refuseConnections = true;
    const late = new TestClient(server.url);
    expect(await late.closed).toBe(1006);
    await ann.settle();
    server.faults.refuseConnections = false;
    await using later = await TestClient.join(server.url, 'Ann', 'Oak');
    expect(later.packets.length).toBeGreaterThan(0);
  });

  it('delay both ways and keep the order', async () => {
    const time = clock();
    await using server = await start(time);
    await using ann = await TestClient.join(server.url, 'Ann', 'Oak');
    await ann.settle();
    const before = ann.texts.length;
    server.faults.delayMs = 30;
    ann.send({ cmd: 'Get', keys: ['a'] });
    ann.send({ cmd: 'Get', keys: ['b'] });
    await ann.settle();
    server.faults.delayMs = 10;
    time.pass(30);
    await ann.settle();
    expect(ann.texts).toHaveLength(before);
    time.pass(10);
    await ann.settle();
    expect(ann.packets.slice(-2).map(({ keys }) => Object.keys(keys as object))).toEqual([['a'], ['b']]);
  });

  it('send twice', async () => {
    await using server = await start();
    await using ann = await TestClient.join(server.url, 'Ann', 'Oak', ['NoText']);
    server.faults.duplicate(1);
    ann.send({ cmd: 'Get', keys: ['a'] }, { cmd: 'Get', keys: ['b'] });
    await ann.settle();
    expect(ann.packets.filter(({ cmd }) => cmd === 'Retrieved')).toHaveLength(3);
  });

  it('swallow one item packet, which leaves a gap that Sync mends', async () => {
    await using server = await start();
    await using ann = await TestClient.join(server.url, 'Ann', 'Oak', ['NoText']);
    server.faults.swallow('ReceivedItems');
    ann.send({ cmd: 'LocationChecks', locations: [10] });
    ann.send({ cmd: 'LocationChecks', locations: [13] });
    await ann.settle();
    const indexes = () =>
      ann.packets
        .filter(({ cmd }) => cmd === 'ReceivedItems')
        .map(({ index, items }) => [index, (items as unknown[]).length]);
    expect(indexes()).toEqual([
      [0, 1],
      [2, 1],
    ]);
    ann.send({ cmd: 'Sync' });
    await ann.settle();
    expect(indexes().at(-1)).toEqual([0, 3]);
  });

  it('swallow a packet out of a bundle', async () => {
    await using server = await start();
    server.faults.swallow('ReceivedItems');
    await using ann = await TestClient.join(server.url, 'Ann', 'Oak');
    await ann.settle();
    expect(ann.packets.some(({ cmd }) => cmd === 'ReceivedItems')).toBe(false);
  });

  it('send garbage and half a frame', async () => {
    await using server = await start();
    const ann = await TestClient.join(server.url, 'Ann', 'Oak');
    server.faults.garbage('<html>');
    while (ann.texts.at(-1) !== '<html>') await once(ann.socket, 'message');
    const before = ann.texts.length;
    server.faults.halfFrame();
    server.console('nobody hears this');
    server.faults.cut();
    expect(await ann.closed).toBe(1006);
    expect(ann.texts).toHaveLength(before);
  });

  it('fall silent: nothing is read, nothing is answered', async () => {
    await using server = await start();
    const ann = await TestClient.join(server.url, 'Ann', 'Oak');
    await ann.settle();
    server.faults.freeze();
    let ponged = false;
    ann.socket.once('pong', () => {
      ponged = true;
    });
    ann.socket.ping();
    ann.send({ cmd: 'LocationChecks', locations: [10] });
    await using ben = await TestClient.join(server.url, 'Ben', 'Oak');
    for (let turn = 0; turn < 20; turn += 1) await tick();
    await ben.settle();
    expect(ponged).toBe(false);
    expect(server.room.checked(1)).toEqual([]);
    await server.restart();
    expect([1001, 1006]).toContain(await ann.closed);
  });

  it('go back to normal', async () => {
    await using server = await start();
    Object.assign(server.faults, { refuseConnections: true, delayMs: 1000 });
    server.faults.cutAfter(1);
    server.faults.duplicate(5);
    server.faults.swallow('RoomInfo', 5);
    server.faults.clear();
    await using ann = await TestClient.join(server.url, 'Ann', 'Oak');
    expect(ann.packets.filter(({ cmd }) => cmd === 'RoomInfo')).toHaveLength(1);
  });
});
