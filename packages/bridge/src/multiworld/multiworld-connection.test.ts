import { describe, expect, it } from 'vitest';
import { settled } from '../testing/virtual-clock.js';
import { ClientHarness } from './testing/client-harness.js';
import { LOCATIONS } from './testing/model-room.js';

describe('staying in', () => {
  it('waits 1, 2, 5, 10, 20, 30, 30 seconds, for ever', async () => {
    const harness = new ClientHarness();
    await settled();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      harness.socket.end();
      const wait = harness.last('lost')?.retryInMs ?? 0;
      waits.push(wait);
      await harness.clock.advance(wait - 1);
      expect(harness.network.sockets).toHaveLength(attempt + 1);
      await harness.clock.advance(1);
      expect(harness.network.sockets).toHaveLength(attempt + 2);
    }
    expect(waits).toEqual([1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 30_000, 30_000]);
  });

  it('starts over with the waits after a connection that lasted, not after one that broke at once', async () => {
    const harness = new ClientHarness();
    for (const [lastedMs, wait] of [
      [100, 1_000],
      [100, 2_000],
      [10_000, 1_000],
    ] as const) {
      await harness.join();
      await harness.clock.advance(lastedMs);
      harness.socket.end();
      expect(harness.last('lost')?.retryInMs).toBe(wait);
      await harness.clock.advance(wait);
    }
  });

  it('finds a dead server by its silence', async () => {
    const harness = new ClientHarness();
    await harness.join();
    await harness.clock.advance(15_000);
    harness.socket.pong();
    expect(harness.socket.pings).toBe(1);
    await harness.clock.advance(30_000);
    expect(harness.client.status).toBe('joined');
    await harness.clock.advance(15_000);
    expect(harness.last('lost')?.error.message).toContain('pings');
    expect(harness.socket.ended).toBe('terminated');
  });

  it('lets nothing of an old socket touch the new one', async () => {
    const harness = new ClientHarness();
    await harness.join();
    const old = harness.socket;
    old.end({ code: 1001 });
    await harness.clock.advance(1_000);
    await harness.join();
    const before = harness.events.length;
    old.say({ cmd: 'RoomUpdate', checked_locations: [101] });
    old.open();
    old.pong();
    old.end();
    await settled();
    expect(harness.events).toHaveLength(before);
    expect(harness.client.status).toBe('joined');
    expect(harness.client.room?.checked.size).toBe(0);
  });

  it('survives broken messages, unknown commands and an owner that throws', async () => {
    const harness = new ClientHarness({
      onEvent: (event) => {
        harness.events.push(event);
        throw new Error('owner');
      },
    });
    await harness.join();
    harness.socket.deliver('{{{');
    harness.socket.deliver(undefined);
    harness.socket.deliver(
      '[{"cmd":"Novelty"},{"cmd":"RoomUpdate","checked_locations":"x"},{"cmd":"RoomUpdate","checked_locations":[100]}]',
    );
    expect(harness.kinds()).toEqual(['joined', 'problem', 'problem', 'problem', 'checked']);
    expect(harness.client.room?.checked).toEqual(new Set([100]));
  });

  it('sends the checks of one instant together, keeps them until acknowledged, and sends them again', async () => {
    const harness = new ClientHarness();
    await harness.join();
    harness.client.check([100, 101, 5, Number.NaN]);
    harness.client.check([102, 100]);
    await settled();
    expect(harness.socket.take()).toEqual([{ cmd: 'LocationChecks', locations: [100, 101, 102] }]);
    harness.socket.say({ cmd: 'RoomUpdate', checked_locations: [100] });
    expect(harness.last('checked')?.locations).toEqual([100]);
    expect(harness.client.pendingChecks).toEqual([101, 102]);
    harness.socket.end();
    await harness.clock.advance(1_000);
    expect(await harness.join()).toEqual([{ cmd: 'LocationChecks', locations: [100, 101, 102] }]);
  });

  it('says goal and playing again after each login', async () => {
    const harness = new ClientHarness();
    harness.client.playing(true);
    expect(await harness.join()).toEqual([{ cmd: 'StatusUpdate', status: 20 }]);
    harness.client.playing(false);
    harness.client.playing(true);
    harness.client.goal();
    harness.client.goal();
    harness.client.playing(false);
    expect(harness.socket.take().map((packet) => packet.cmd === 'StatusUpdate' && packet.status)).toEqual([5, 20, 30]);
    harness.socket.end();
    await harness.clock.advance(1_000);
    expect(await harness.join()).toEqual([{ cmd: 'StatusUpdate', status: 30 }]);
  });

  it('puts tags set while away into the login, and tells later ones once', async () => {
    const harness = new ClientHarness();
    harness.client.tag('DeathLink', true);
    const sent = await harness.greet();
    expect(sent).toContainEqual(expect.objectContaining({ cmd: 'Connect', tags: ['AP', 'DeathLink'] }));
    harness.socket.end();
    await harness.clock.advance(1_000);
    expect(await harness.join()).toEqual([]);
    harness.client.tag('DeathLink', false);
    harness.client.tag('DeathLink', true);
    await settled();
    expect(harness.socket.take()).toEqual([]);
    harness.client.tag('DeathLink', false);
    await settled();
    expect(harness.socket.take()).toEqual([{ cmd: 'ConnectUpdate', tags: ['AP'] }]);
  });

  it('holds back what the server fails over, after two quick closes', async () => {
    const harness = new ClientHarness();
    harness.client.watch('fine', () => {});
    harness.client.watch('poison', () => {});
    harness.client.check([100]);
    const labels: string[][] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const sent = [...(await harness.join())];
      // This room answers barriers, and fails over one key.
      for (
        let more = sent;
        more.length > 0 && !sent.some((p) => p.cmd === 'SetNotify' && p.keys.includes('poison'));
      ) {
        const barrier = more.find((packet) => packet.cmd === 'Get' && packet.keys[0] === '_read_race_mode');
        if (barrier?.cmd !== 'Get') break;
        const { cmd: _, ...echo } = barrier;
        harness.socket.say({ ...echo, cmd: 'Retrieved', keys: {} });
        more = [...harness.socket.take()];
        sent.push(...more);
      }
      labels.push(sent.flatMap((packet) => (packet.cmd === 'SetNotify' ? packet.keys : [])));
      if (!labels.at(-1)?.includes('poison')) break;
      harness.socket.end({ code: 1000 });
      await harness.clock.advance(harness.last('lost')?.retryInMs ?? 0);
    }
    expect(labels).toEqual([['fine', 'poison'], ['fine', 'poison'], ['fine', 'poison'], ['fine']]);
    expect(harness.last('problem')?.error).toMatchObject({ context: { held: 'watching poison' } });
    expect(harness.client.status).toBe('joined');
  });

  it('asks for the whole list when entries are missing, and ignores the rest until it comes', async () => {
    const harness = new ClientHarness();
    const item = (id: number) => ({ item: id, location: id, player: 2, flags: 0 });
    await harness.join();
    harness.socket.say({ cmd: 'ReceivedItems', index: 0, items: [item(1)] });
    harness.socket.say({ cmd: 'ReceivedItems', index: 2, items: [item(3)] });
    harness.socket.say({ cmd: 'ReceivedItems', index: 3, items: [item(4)] });
    expect(harness.socket.take()).toEqual([{ cmd: 'Sync' }]);
    expect(harness.client.room?.items).toHaveLength(1);
    harness.socket.say({ cmd: 'ReceivedItems', index: 0, items: [1, 2, 3, 4].map(item) });
    expect(harness.client.room?.items.map((entry) => entry.item)).toEqual([1, 2, 3, 4]);
    expect(harness.last('items')).toMatchObject({ replaced: false, items: [{ index: 1 }, { index: 2 }, { index: 3 }] });
    harness.socket.say({ cmd: 'ReceivedItems', index: 3, items: [item(4), item(5)] });
    expect(harness.client.room?.items).toHaveLength(5);
    harness.socket.say({ cmd: 'ReceivedItems', index: 4, items: [item(9)] });
    expect(harness.socket.take()).toEqual([{ cmd: 'Sync' }]);
    await harness.clock.advance(10_000);
    expect(harness.last('lost')?.error.code).toBe('server_timeout');
  });

  it('says so when the list is another one', async () => {
    const harness = new ClientHarness();
    harness.room.find();
    harness.room.find();
    await harness.join();
    harness.socket.say({ cmd: 'ReceivedItems', index: 0, items: [{ item: 9, location: 9, player: 2, flags: 0 }] });
    expect(harness.last('items')).toEqual({
      kind: 'items',
      replaced: true,
      items: [{ index: 0, item: 9, location: 9, player: 2, flags: 0 }],
    });
  });

  it('closes once, with everything settled and nothing left running', async () => {
    const harness = new ClientHarness();
    await harness.join();
    harness.client.check([100]);
    const answers = [harness.client.scout([101]), harness.client.get(['k']), harness.client.set('k', [])];
    const outcomes = Promise.allSettled(answers);
    const { socket } = harness;
    const closing = [harness.client.close(), harness.client.close()];
    expect(socket.take().map(({ cmd }) => cmd)).toContain('LocationChecks');
    expect(socket.ended).toBe('closed');
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'server_lost' } });
    await harness.clock.advance(1_000);
    await Promise.all(closing);
    expect(socket.ended).toBe('terminated');
    expect(harness.clock.pending).toBe(0);
    const before = harness.events.length;
    socket.say({ cmd: 'RoomUpdate', checked_locations: LOCATIONS });
    expect(harness.events).toHaveLength(before);
    expect(harness.client.say('hello')).toBe(false);
  });
});
