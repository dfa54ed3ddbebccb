import { describe, expect, it } from 'vitest';
import { settled } from '../testing/virtual-clock.js';
import { ClientHarness } from './testing/client-harness.js';

describe('leaving for a while', () => {
  it('ends the connection and every attempt, and comes back only when told', async () => {
    const harness = new ClientHarness();
    await harness.join();
    harness.client.disconnect();
    expect(harness.client.status).toBe('left');
    expect(harness.socket.ended).toBe('closed');
    expect(harness.client.say('hello')).toBe(false);
    harness.socket.end({ code: 1000 });
    await harness.clock.advance(600_000);
    expect(harness.network.sockets).toHaveLength(1);
    expect(harness.kinds()).not.toContain('lost');
    harness.client.reconnect();
    await harness.join();
    expect(harness.client.status).toBe('joined');
    expect(harness.last('joined')?.rejoined).toBe(true);
  });

  it('keeps what was found meanwhile', async () => {
    const harness = new ClientHarness();
    await harness.join();
    harness.client.disconnect();
    harness.client.check([100]);
    await settled();
    expect(harness.socket.take()).toEqual([]);
    harness.client.reconnect();
    expect(await harness.join()).toContainEqual({ cmd: 'LocationChecks', locations: [100] });
  });

  it('gives up an attempt, a wait and a start', async () => {
    const opening = new ClientHarness();
    await settled();
    opening.client.disconnect();
    opening.socket.open();
    expect(opening.client.status).toBe('left');
    const waiting = new ClientHarness();
    await settled();
    waiting.socket.end();
    waiting.client.disconnect();
    await waiting.clock.advance(600_000);
    expect(waiting.network.sockets).toHaveLength(1);
    const starting = new ClientHarness();
    starting.client.disconnect();
    await settled();
    expect(starting.network.sockets).toHaveLength(0);
    starting.client.reconnect();
    expect(starting.network.sockets).toHaveLength(1);
  });

  it('settles what was asked', async () => {
    const harness = new ClientHarness();
    await harness.join();
    const asked = harness.client.get(['a']);
    harness.client.disconnect();
    await expect(asked).rejects.toMatchObject({ code: 'server_lost' });
  });

  it('does not open again what was closed', async () => {
    const harness = new ClientHarness();
    await harness.join();
    void harness.client.close();
    harness.client.disconnect();
    harness.client.reconnect();
    expect(harness.client.status).toBe('closed');
    expect(harness.network.sockets).toHaveLength(1);
  });
});

describe('being ready', () => {
  const statuses = (packets: readonly { readonly cmd: string }[]) =>
    packets.flatMap((packet) => ('status' in packet ? [packet.status] : []));

  it('is said, taken back, and said again after a login', async () => {
    const harness = new ClientHarness();
    await harness.join();
    harness.client.ready(true);
    harness.client.ready(true);
    expect(statuses(harness.socket.take())).toEqual([10]);
    harness.client.ready(false);
    expect(statuses(harness.socket.take())).toEqual([5]);
    harness.client.ready(true);
    harness.socket.end();
    await harness.clock.advance(1_000);
    expect(statuses(await harness.join())).toEqual([10]);
  });

  it('never hides that somebody plays or has won', async () => {
    const harness = new ClientHarness();
    await harness.join();
    harness.client.playing(true);
    harness.client.ready(true);
    harness.client.playing(false);
    harness.client.goal();
    harness.client.ready(false);
    expect(statuses(harness.socket.take())).toEqual([20, 10, 30]);
  });
});

describe('names', () => {
  it('can be listed once the data package is there', async () => {
    const harness = new ClientHarness();
    expect(harness.client.names.items(1).size).toBe(0);
    const game = { item_name_to_id: { Sword: 5, Boat: 6 }, location_name_to_id: { 'Chest 1': 100 } };
    await harness.join({ cmd: 'DataPackage', data: { games: { Game: game } } });
    const { names } = harness.client;
    expect([...names.items(1)]).toEqual([
      [5, 'Sword'],
      [6, 'Boat'],
    ]);
    expect([...names.locations(1)]).toEqual([[100, 'Chest 1']]);
    expect(names.items(99).size).toBe(0);
  });
});
