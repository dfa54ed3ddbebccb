import { describe, expect, it } from 'vitest';
import { settled } from '../testing/virtual-clock.js';
import { ClientHarness } from './testing/client-harness.js';

describe('logging in', () => {
  it('sends everything the server needs in one message', async () => {
    const harness = new ClientHarness({ password: 'secret', tags: ['AP', 'DeathLink'], uuid: 'u' });
    await settled();
    harness.socket.open();
    harness.socket.say({ ...harness.room.greeting(), datapackage_checksums: { Game: 'abc' }, games: ['Game', 'Odd'] });
    await settled();
    expect(harness.socket.sent).toHaveLength(1);
    expect(harness.socket.take()).toEqual([
      { cmd: 'GetDataPackage', games: ['Game', 'Odd'] },
      {
        cmd: 'Connect',
        password: 'secret',
        game: 'Game',
        name: 'Ana',
        uuid: 'u',
        version: { class: 'Version', major: 0, minor: 6, build: 7 },
        items_handling: 7,
        tags: ['AP', 'DeathLink'],
        slot_data: true,
      },
      expect.objectContaining({ cmd: 'Get', keys: ['_read_race_mode'] }),
    ]);
  });

  it('tells of the room with the items that came with the login', async () => {
    const harness = new ClientHarness();
    harness.room.find();
    await harness.join();
    expect(harness.kinds()).toEqual(['joined', 'items']);
    expect(harness.last('joined')).toMatchObject({ rejoined: false, room: { slot: 1, slotName: 'Ana', game: 'Game' } });
    expect(harness.last('joined')?.room.items).toHaveLength(1);
    expect(harness.client.status).toBe('joined');
  });

  it('tries the other scheme when the port speaks the other protocol, and remembers', async () => {
    const harness = new ClientHarness();
    await settled();
    expect(harness.socket.url).toBe('ws://localhost:38281/');
    harness.socket.end({ problem: 'socket hang up', wrongProtocol: true });
    expect(harness.socket.url).toBe('wss://localhost:38281/');
    expect(harness.events).toEqual([]);
    await harness.join();
    harness.socket.end();
    await harness.clock.advance(1_000);
    expect(harness.socket.url).toBe('wss://localhost:38281/');
  });

  it('does not try the other scheme after a refusal', async () => {
    const harness = new ClientHarness();
    await settled();
    harness.socket.end({ problem: 'connect ECONNREFUSED' });
    expect(harness.network.sockets).toHaveLength(1);
    expect(harness.last('lost')).toMatchObject({ retryInMs: 1_000, error: { code: 'server_unreachable' } });
    expect(harness.client.status).toBe('waiting');
  });

  it.each([
    ['open a connection', async () => {}],
    ['greet', async (harness: ClientHarness) => harness.socket.open()],
    ['answer the login', async (harness: ClientHarness) => void (await harness.greet())],
  ])('gives up after ten seconds on a server that does not %s', async (what, prepare) => {
    const harness = new ClientHarness();
    await settled();
    await prepare(harness);
    const { socket } = harness;
    await harness.clock.advance(9_999);
    expect(harness.events).toEqual([]);
    await harness.clock.advance(1);
    expect(harness.last('lost')?.error).toMatchObject({ code: 'server_timeout' });
    expect(harness.last('lost')?.error.message).toContain(what);
    expect(socket.ended).toBe('terminated');
  });

  it.each([
    [['InvalidSlot'], 'server_refused_slot'],
    [['InvalidGame'], 'server_refused_game'],
    [['IncompatibleVersion'], 'server_refused_version'],
    [['InvalidItemsHandling'], 'server_refused_items'],
    [['InvalidPassword', 'InvalidSlot'], 'server_refused_slot'],
    [['InvalidPassword'], 'server_refused_password'],
    [['NewReason'], 'server_refused'],
    [[], 'server_refused'],
  ] as const)('stops for good when refused for %j', async (errors, code) => {
    const harness = new ClientHarness();
    await harness.greet();
    harness.socket.say({ cmd: 'ConnectionRefused', errors });
    expect(harness.last('refused')).toMatchObject({ reasons: errors, error: { code } });
    expect(harness.client.status).toBe('refused');
    await harness.clock.advance(600_000);
    expect(harness.network.sockets).toHaveLength(1);
    harness.client.reconnect();
    expect(harness.network.sockets).toHaveLength(2);
  });

  it('asks for another password on the same socket, for as long as the person needs', async () => {
    const asked: boolean[] = [];
    let answer: (password: string | undefined) => void = () => {};
    const harness = new ClientHarness({
      password: (refused) => {
        asked.push(refused);
        return refused ? new Promise((resolve) => (answer = resolve)) : 'first';
      },
    });
    expect(await harness.greet({ password: true })).toContainEqual(expect.objectContaining({ password: 'first' }));
    harness.socket.say({ cmd: 'ConnectionRefused', errors: ['InvalidPassword'] });
    await harness.clock.advance(20_000);
    harness.socket.pong();
    expect(harness.events).toEqual([]);
    answer('second');
    await settled();
    expect(harness.socket.take()).toContainEqual(expect.objectContaining({ cmd: 'Connect', password: 'second' }));
    expect(asked).toEqual([false, true]);
    harness.socket.say({ cmd: 'ConnectionRefused', errors: ['InvalidPassword'] });
    answer(undefined);
    await settled();
    expect(harness.last('refused')?.error.code).toBe('server_refused_password');
  });

  it('does not repeat a wrong password', async () => {
    const harness = new ClientHarness({ password: () => 'always the same' });
    await harness.greet();
    harness.socket.say({ cmd: 'ConnectionRefused', errors: ['InvalidPassword'] });
    expect(harness.client.status).toBe('refused');
    expect(harness.socket.take()).toEqual([]);
  });

  it('gives the answer of a prompt to the connection of then', async () => {
    let answer: (password: string) => void = () => {};
    const harness = new ClientHarness({ password: () => new Promise((resolve) => (answer = resolve)) });
    await harness.greet();
    harness.socket.end();
    await harness.clock.advance(1_000);
    await harness.greet();
    answer('typed');
    await settled();
    expect(harness.network.sockets[0]?.take()).toEqual([]);
    expect(harness.socket.take()).toContainEqual(expect.objectContaining({ cmd: 'Connect', password: 'typed' }));
  });

  it('never logs in to a room of another seed', async () => {
    const harness = new ClientHarness({ expectSeed: 'other' });
    harness.client.check([100]);
    expect(await harness.greet()).toEqual([]);
    expect(harness.last('refused')).toMatchObject({ error: { code: 'server_seed_mismatch' } });
    expect(harness.socket.ended).toBe('closed');
  });

  it('leaves a room that was generated anew, whatever it was told', async () => {
    const harness = new ClientHarness();
    await harness.join();
    harness.client.check([100]);
    harness.socket.end();
    await harness.clock.advance(1_000);
    expect(await harness.greet({ seed_name: 'new seed' })).toEqual([]);
    expect(harness.client.status).toBe('refused');
    expect(harness.last('refused')?.error.code).toBe('server_seed_mismatch');
  });

  it('never shows a password', async () => {
    const secret = 'hunter2-secret';
    const harness = new ClientHarness({ address: `archipelago://Ana:${secret}@localhost:1`, password: undefined });
    expect(await harness.greet()).toContainEqual(expect.objectContaining({ password: secret }));
    harness.socket.say({ cmd: 'ConnectionRefused', errors: ['InvalidPassword'] });
    const shown = JSON.stringify([
      harness.events,
      harness.events.map((event) => 'error' in event && event.error.message),
    ]);
    expect(shown).not.toContain(secret);
    expect(harness.logged.join()).not.toContain(secret);
    expect(harness.socket.url).not.toContain(secret);
  });
});
