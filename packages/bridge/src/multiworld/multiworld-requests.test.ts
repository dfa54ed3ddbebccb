import type { ServerPacket } from '@causeway/protocol/archipelago';
import { describe, expect, it } from 'vitest';
import { settled } from '../testing/virtual-clock.js';
import { ClientHarness } from './testing/client-harness.js';

const found = (location: number) => ({ item: location + 1, location, player: 1, flags: 1 });

describe('requests', () => {
  it('scouts only what the slot has, and matches answers in order', async () => {
    const harness = new ClientHarness();
    await harness.join();
    const first = harness.client.scout([100, 7, 100, 101], { hint: 2 });
    const second = harness.client.scout([100, 101]);
    expect(await harness.client.scout([7])).toEqual([]);
    expect(harness.socket.take()).toEqual([
      { cmd: 'LocationScouts', locations: [100, 101], create_as_hint: 2 },
      { cmd: 'LocationScouts', locations: [100, 101], create_as_hint: 0 },
    ]);
    harness.socket.say({ cmd: 'LocationInfo', locations: [found(100), found(101)] });
    expect((await first).map(({ item }) => item)).toEqual([101, 102]);
    harness.socket.say({ cmd: 'LocationInfo', locations: [{ ...found(100), item: 1 }, found(101)] });
    expect((await second).map(({ item }) => item)).toEqual([1, 102]);
  });

  it('gives up on a request by time, signal and loss', async () => {
    const harness = new ClientHarness();
    await expect(harness.client.scout([100])).rejects.toMatchObject({ code: 'server_lost' });
    await expect(harness.client.get(['k'])).rejects.toMatchObject({ code: 'server_lost' });
    await harness.join();
    const abort = new AbortController();
    const outcomes = Promise.allSettled([
      harness.client.scout([100], { timeoutMs: 5 }),
      harness.client.get(['k'], { signal: abort.signal }),
      harness.client.set('k', [{ operation: 'add', value: 1 }]),
      harness.client.scout([101]),
    ]);
    await harness.clock.advance(5);
    abort.abort('enough');
    harness.socket.end({ code: 1006 });
    expect(
      (await outcomes).map((outcome) => outcome.status === 'rejected' && (outcome.reason.code ?? outcome.reason)),
    ).toEqual(['server_timeout', 'enough', 'server_lost', 'server_lost']);
    // The retry is all that waits now.
    expect(harness.clock.pending).toBe(1);
  });

  it('reads and writes the storage by request id', async () => {
    const harness = new ClientHarness();
    await harness.join();
    const read = harness.client.get(['a', 'b']);
    const written = harness.client.set(
      'EnergyLink0',
      [
        { operation: 'add', value: -5n },
        { operation: 'max', value: 0 },
      ],
      { default: 0 },
    );
    const [get, set] = harness.socket.take();
    const { cmd: _, keys: __, ...echo } = get as { cmd: string; keys: unknown };
    harness.socket.say({ cmd: 'Retrieved', keys: { a: 9 } });
    harness.socket.say({ ...echo, cmd: 'Retrieved', keys: { a: 1, b: 2n ** 70n } });
    expect(await read).toEqual({ a: 1, b: 2n ** 70n });
    expect(set).toMatchObject({ cmd: 'Set', want_reply: true, default: 0 });
    harness.socket.say({
      ...(set as object),
      cmd: 'SetReply',
      key: 'EnergyLink0',
      value: 0,
      original_value: 3,
      slot: 1,
    });
    expect(await written).toEqual({ value: 0, original: 3 });
  });

  it('watches a key over reconnects: subscribe, read, follow', async () => {
    const harness = new ClientHarness();
    const seen: unknown[] = [];
    const stop = harness.client.watch('k', (value) => seen.push(value));
    const subscription = await harness.join();
    expect(subscription.map(({ cmd }) => cmd)).toEqual(['SetNotify', 'Get']);
    const { cmd: _, ...echo } = subscription[1] as { cmd: string };
    harness.socket.say({ ...echo, cmd: 'Retrieved', keys: { k: 1 } });
    harness.socket.say({ cmd: 'SetReply', key: 'k', value: Number.POSITIVE_INFINITY });
    harness.socket.end();
    await harness.clock.advance(1_000);
    expect((await harness.join()).map(({ cmd }) => cmd)).toEqual(['SetNotify', 'Get']);
    stop();
    harness.socket.say({ cmd: 'SetReply', key: 'k', value: 5 });
    expect(seen).toEqual([1, Number.POSITIVE_INFINITY]);
  });

  it('keeps writes for the next login, and sends none that the server would fail over', async () => {
    const harness = new ClientHarness();
    harness.client.store('k', [{ operation: 'add', value: 1 }], 0);
    harness.client.store('_read_race_mode', [{ operation: 'replace', value: 1 }]);
    harness.client.store('k', [{ operation: 'sudo', value: 1 }]);
    expect(harness.kinds()).toEqual(['problem', 'problem']);
    expect(await harness.join()).toEqual([
      { cmd: 'Set', key: 'k', want_reply: false, operations: [{ operation: 'add', value: 1 }], default: 0 },
    ]);
    harness.socket.end();
    await harness.clock.advance(1_000);
    expect(await harness.join()).toEqual([]);
  });

  it('rejects the request the server refused, and says so', async () => {
    const harness = new ClientHarness();
    await harness.join();
    const scout = harness.client.scout([100]);
    harness.socket.say({ cmd: 'InvalidPacket', type: 'arguments', original_cmd: 'LocationScouts', text: 'no' });
    await expect(scout).rejects.toMatchObject({ code: 'server_invalid_packet' });
    expect(harness.last('problem')?.error.message).toContain('LocationScouts');
  });

  it('dies with others, not by its own echo', async () => {
    const harness = new ClientHarness({ tags: ['AP', 'DeathLink'] });
    await harness.join();
    harness.client.death({ source: 'Ana', cause: 'Ana fell.' });
    harness.client.death({ source: 'Ana' });
    const [death, ...none] = harness.socket.take();
    expect(none).toEqual([]);
    const { data } = death as unknown as { data: { time: number } };
    expect(Number.isInteger(data.time)).toBe(false);
    await harness.clock.advance(2_000);
    harness.socket.say({ cmd: 'Bounced', tags: ['DeathLink'], data });
    expect(harness.kinds()).not.toContain('death');
    harness.socket.say({
      cmd: 'Bounced',
      tags: ['DeathLink'],
      data: { time: 1.5, source: 'Bob\u001b[31m', cause: '' },
    });
    harness.socket.say({ cmd: 'Bounced', tags: ['DeathLink'], data: { time: 2.5, source: 'Bob' } });
    await harness.clock.advance(2_000);
    harness.socket.say({ cmd: 'Bounced', tags: ['DeathLink'] });
    expect(harness.events.flatMap((event) => (event.kind === 'death' ? [event.death] : []))).toEqual([
      { time: 1.5, source: 'Bob[31m' },
      { time: harness.clock.now() / 1000, source: 'Unknown player' },
    ]);
    harness.socket.say({ cmd: 'Bounced', tags: ['TrapLink'], data: { trap_name: 'Ice Trap' } });
    expect(harness.last('bounced')?.data).toEqual({ tags: ['TrapLink'], data: { trap_name: 'Ice Trap' } });
  });

  it('says only what the server lets anybody say', async () => {
    const harness = new ClientHarness();
    expect(harness.client.say('too early')).toBe(false);
    await harness.join();
    expect(harness.client.say(' two\nlines\tand\u200b \u00a0more ')).toBe(true);
    expect(harness.client.say('\u200b\n')).toBe(false);
    expect(harness.socket.take()).toEqual([{ cmd: 'Say', text: 'two lines and  more' }]);
  });

  it('does not let a bystander check or reach the goal', async () => {
    const harness = new ClientHarness({ game: '', tags: ['TextOnly'] });
    harness.client.check([100]);
    harness.client.goal();
    expect(await harness.join()).toEqual([]);
    harness.client.check([101]);
    await settled();
    expect(harness.socket.take()).toEqual([]);
  });

  it('waits with more than the network takes, in order', async () => {
    const harness = new ClientHarness();
    await harness.join();
    harness.socket.bufferedBytes = 2 * 1024 * 1024;
    harness.client.say('one');
    harness.client.say('two');
    expect(harness.socket.take()).toEqual([]);
    harness.socket.bufferedBytes = 0;
    await harness.clock.advance(50);
    expect(harness.socket.take().map((packet) => packet.cmd === 'Say' && packet.text)).toEqual(['one', 'two']);
  });

  it('sends nothing that is too large for any message', async () => {
    const harness = new ClientHarness();
    await harness.join();
    harness.client.store('k', [{ operation: 'replace', value: 'x'.repeat(2 * 1024 * 1024) }]);
    expect(harness.socket.take()).toEqual([]);
    expect(harness.last('problem')?.error.code).toBe('server_invalid_packet');
    expect(harness.client.status).toBe('joined');
  });
});

describe('names and text', () => {
  const data = { item_name_to_id: { Sword: 1 }, location_name_to_id: { Cave: 100 }, checksum: 'abc' };

  it('come from the data package, with a readable text where it is not there', async () => {
    const harness = new ClientHarness();
    await harness.join();
    const { names } = harness.client;
    expect([names.item(1, 1), names.location(100, 1), names.player(2), names.player(0), names.player(9)]).toEqual([
      'Unknown item (ID: 1)',
      'Unknown location (ID: 100)',
      'Bob',
      'Archipelago',
      'Unknown player (Slot: 9)',
    ]);
    harness.socket.say({ cmd: 'DataPackage', data: { games: { Game: data } } });
    expect([names.item(1, 1), names.location(100, 2)]).toEqual(['Sword', 'Cave']);
  });

  it('are asked of the store once per game, and only when a name is wanted', async () => {
    const loaded: string[] = [];
    const harness = new ClientHarness({
      dataPackages: {
        missing: () => [],
        load: (game) => {
          loaded.push(game);
          return game === 'Game' ? data : undefined;
        },
        save: () => {},
      },
    });
    harness.room.greeting();
    const sent = await harness.greet({
      games: ['Game', 'Archipelago'],
      datapackage_checksums: { Game: 'abc', Archipelago: 'x' },
    });
    expect(sent.map(({ cmd }) => cmd)).toEqual(['Connect', 'Get']);
    const connected: ServerPacket[] = [];
    harness.room.handle(
      { joined: false, subscriptions: new Set(), send: (packets) => connected.push(...packets) },
      sent[0]!,
    );
    harness.socket.say(...connected);
    expect(loaded).toEqual([]);
    expect(harness.client.names.item(1, 1)).toBe('Sword');
    expect(harness.client.names.item(1, 1)).toBe('Sword');
    expect(loaded).toEqual(['Game']);
    expect(harness.client.names.item(77, 1)).toBe('Unknown item (ID: 77)');
    expect(harness.socket.take().at(-1)).toEqual({ cmd: 'GetDataPackage', games: ['Archipelago'] });
  });

  it('renders messages with names and topics', async () => {
    const harness = new ClientHarness();
    await harness.join();
    harness.socket.say({ cmd: 'DataPackage', data: { games: { Game: data } } });
    harness.socket.say({
      cmd: 'PrintJSON',
      type: 'ItemSend',
      receiving: 1,
      item: { item: 1, location: 100, player: 2, flags: 1 },
      data: [
        { text: '2', type: 'player_id' },
        { text: ' sent ' },
        { text: '1', type: 'item_id', player: 1, flags: 1 },
        { text: ' to ' },
        { text: '1', type: 'player_id' },
        { text: ' (' },
        { text: '100', type: 'location_id', player: 2 },
        { text: ')' },
      ],
    });
    expect(harness.last('text')).toMatchObject({
      text: 'Bob sent Sword to Ana (Cave)',
      category: 'ItemSend',
      topic: 'incoming',
      parts: expect.arrayContaining([{ kind: 'item', text: 'Sword', color: 'plum' }]),
    });
  });
});
