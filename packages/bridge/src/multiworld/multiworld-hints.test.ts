import type { Hint } from '@causeway/protocol/archipelago';
import { describe, expect, it } from 'vitest';
import { settled } from '../testing/virtual-clock.js';
import { ClientHarness } from './testing/client-harness.js';

const KEY = '_read_hints_0_1';

const hint = (changes: Partial<Hint> = {}): Hint => ({
  receiving_player: 1,
  finding_player: 2,
  location: 5_000,
  item: 3,
  found: false,
  entrance: '',
  item_flags: 1,
  status: 0,
  ...changes,
});

const tell = (harness: ClientHarness, ...hints: readonly unknown[]): void =>
  harness.socket.say({ cmd: 'SetReply', key: KEY, value: hints as readonly Hint[] });

const changes = (harness: ClientHarness) =>
  harness.events.flatMap((event) => (event.kind === 'hints' ? [event.changes.map(({ kind }) => kind)] : []));

describe('hints', () => {
  it('are not asked for unless wanted', async () => {
    const harness = new ClientHarness();
    const sent = await harness.join();
    expect(JSON.stringify(sent)).not.toContain(KEY);
    expect(harness.client.hints).toEqual([]);
  });

  it('are subscribed to, then read, at every login', async () => {
    const harness = new ClientHarness({ hints: true });
    const requests = (sent: readonly { readonly cmd: string }[]) =>
      sent.filter((packet) => JSON.stringify(packet).includes(KEY)).map(({ cmd }) => cmd);
    expect(requests(await harness.join())).toEqual(['SetNotify', 'Get']);
    harness.socket.end();
    await harness.clock.advance(1_000);
    expect(requests(await harness.join())).toEqual(['SetNotify', 'Get']);
  });

  it('are compared whole: new, found, thought of differently, forgotten', async () => {
    const harness = new ClientHarness({ hints: true });
    await harness.join();
    tell(harness, hint());
    tell(harness, hint());
    tell(harness, hint({ status: 30 }), hint({ location: 5_001, entrance: 'Cave' }));
    tell(harness, hint({ status: 40, found: true }), hint({ location: 5_001, entrance: 'Well' }));
    tell(harness, hint({ status: 40, found: true }));
    expect(changes(harness)).toEqual([['new'], ['changed', 'new'], ['found', 'changed'], ['gone']]);
    expect(harness.last('hints')).toMatchObject({
      first: false,
      changes: [{ hint: { location: 5_001, entrance: 'Well' } }],
      hints: [{ finder: 2, receiver: 1, location: 5_000, item: 3, flags: 1, entrance: '', found: true, status: 40 }],
    });
    expect(harness.events.find((event) => event.kind === 'hints')).toMatchObject({ first: true });
  });

  it('survive a lost connection, and only what changed meanwhile is told', async () => {
    const harness = new ClientHarness({ hints: true });
    await harness.join();
    tell(harness, hint());
    harness.socket.end();
    expect(harness.client.hints).toHaveLength(1);
    await harness.clock.advance(1_000);
    const get = (await harness.join()).find(({ cmd }) => cmd === 'Get');
    const { cmd: _, keys: __, ...echo } = get as { cmd: string; keys: unknown };
    harness.socket.say({ ...echo, cmd: 'Retrieved', keys: { [KEY]: [hint(), hint({ location: 5_001 })] } });
    expect(changes(harness)).toEqual([['new'], ['new']]);
    expect(harness.last('hints')).toMatchObject({ first: false, changes: [{ hint: { location: 5_001 } }] });
  });

  it('that make no sense are left out, the others kept', async () => {
    const harness = new ClientHarness({ hints: true });
    await harness.join();
    tell(harness, hint(), { location: 'nowhere' }, null, 7);
    harness.socket.say({ cmd: 'SetReply', key: KEY, value: 'nothing' });
    expect(harness.client.hints).toHaveLength(1);
    expect(changes(harness)).toEqual([['new']]);
  });
});

describe('what the room says of itself', () => {
  it('is told when it changes: points, price, race', async () => {
    const harness = new ClientHarness();
    await harness.join();
    harness.socket.say({ cmd: 'RoomUpdate', hint_cost: 10, hint_points: 4 });
    expect(harness.last('details')?.details).toMatchObject({ hintPoints: 4, hintCost: 10, hintPrice: 2 });
    const told = harness.kinds().filter((kind) => kind === 'details').length;
    harness.socket.say({ cmd: 'RoomUpdate', hint_points: 4 });
    expect(harness.kinds().filter((kind) => kind === 'details')).toHaveLength(told);
    harness.socket.say({ cmd: 'RoomUpdate', hint_cost: 0 });
    expect(harness.client.details).toMatchObject({ hintPrice: 0 });
    harness.socket.say({ cmd: 'RoomUpdate', hint_cost: 1 });
    expect(harness.client.details).toMatchObject({ hintPrice: 1 });
  });

  it('follows aliases, and slots that come alone', async () => {
    const harness = new ClientHarness();
    await harness.join();
    const player = (slot: number, name: string, alias = name) => ({ team: 0, slot, alias, name });
    harness.socket.say({ cmd: 'RoomUpdate', players: [player(1, 'Ana', 'Annie (Ana)'), player(2, 'Bob')] });
    expect(harness.last('players')?.players[0]).toMatchObject({ name: 'Ana', alias: 'Annie (Ana)' });
    expect(harness.client.names.player(1)).toBe('Annie (Ana)');
    const slot = (type: number, members: readonly number[]) => ({
      name: 'Bob',
      game: 'Other',
      type,
      group_members: members,
    });
    harness.socket.say({
      cmd: 'RoomUpdate',
      slot_info: { 1: { ...slot(1, []), name: 'Ana', game: 'Game' }, 2: slot(2, [1]) },
    });
    expect(harness.client.room?.players[1]).toMatchObject({ game: 'Other', group: true, alias: 'Bob' });
  });
});

describe('another choice of items', () => {
  const entry = (item: number) => ({ item, location: item, player: 2, flags: 0 });
  /** Answers the two questions of a change; `list` comes between them. */
  const answer = (harness: ClientHarness, list: readonly number[] | undefined): void => {
    const gets = harness.socket.take().filter(({ cmd }) => cmd === 'Get');
    const [changed, sent] = gets.map(({ cmd: _, ...echo }) => ({ ...echo, cmd: 'Retrieved' as const, keys: {} }));
    if (changed) harness.socket.say(changed);
    if (list) harness.socket.say({ cmd: 'ReceivedItems', index: 0, items: list.map(entry) });
    if (sent) harness.socket.say(sent);
  };
  const held = (harness: ClientHarness) => harness.client.room?.items.map(({ item }) => item);

  it('is made on the live connection, and what comes before is of the old one', async () => {
    const harness = new ClientHarness();
    await harness.join({ cmd: 'ReceivedItems', index: 0, items: [entry(1), entry(2)] });
    harness.client.receiveItems(1);
    harness.client.receiveItems(1);
    harness.socket.say({ cmd: 'ReceivedItems', index: 2, items: [entry(3)] });
    expect(held(harness)).toEqual([1, 2]);
    answer(harness, [2]);
    expect(harness.last('items')).toMatchObject({ replaced: true, items: [{ index: 0, item: 2 }] });
    harness.socket.say({ cmd: 'ReceivedItems', index: 1, items: [entry(4)] });
    expect(held(harness)).toEqual([2, 4]);
    await harness.clock.advance(20_000);
    expect(harness.client.status).toBe('joined');
  });

  it('can leave nothing, which no list tells', async () => {
    const harness = new ClientHarness();
    await harness.join({ cmd: 'ReceivedItems', index: 0, items: [entry(1)] });
    harness.client.receiveItems(0);
    expect(harness.socket.sent.join()).toContain('"ConnectUpdate","items_handling":0');
    answer(harness, undefined);
    expect(harness.last('items')).toMatchObject({ replaced: true, items: [] });
    expect(held(harness)).toEqual([]);
  });

  it('made while away or logging in goes with the next login', async () => {
    const harness = new ClientHarness();
    harness.client.receiveItems(5);
    expect((await harness.greet()).find(({ cmd }) => cmd === 'Connect')).toMatchObject({ items_handling: 5 });
    harness.client.receiveItems(3);
    await harness.join();
    await settled();
    harness.socket.end();
    await harness.clock.advance(1_000);
    expect((await harness.greet()).find(({ cmd }) => cmd === 'Connect')).toMatchObject({ items_handling: 3 });
  });

  it('ends the connection when the server does not answer', async () => {
    const harness = new ClientHarness();
    await harness.join();
    harness.client.receiveItems(3);
    await harness.clock.advance(10_000);
    expect(harness.last('lost')?.error.code).toBe('server_timeout');
  });

  it('must be one the server knows', async () => {
    const harness = new ClientHarness();
    expect(() => harness.client.receiveItems(2)).toThrow(expect.objectContaining({ code: 'server_refused_items' }));
  });
});
