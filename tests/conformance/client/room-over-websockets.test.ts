import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { systemClock } from '@causeway/bridge';
import {
  type MultiworldClient,
  type MultiworldEvent,
  type MultiworldOptions,
  openMultiworld,
} from '@causeway/bridge/multiworld';
import { type MultiworldServer, readRoom, startServer } from '@causeway/testbed/server';
import { describe, expect, it } from 'vitest';
import { roomText } from '../server/recording.js';

const CYD = 3;
const ALICE = 1;
/** The waits before a reconnect, made unlike any deadline by a random number of 0.75. */
const BACK_OFF_MS = [1_100, 2_200, 5_500, 11_000, 22_000, 33_000];
const PLACES = Array.from({ length: 25 }, (_, index) => 81_000 + index);

/** A client, everything it has told, and a way to wait for more. */
class Player implements AsyncDisposable {
  readonly events: MultiworldEvent[] = [];
  readonly client: MultiworldClient;
  #wake: () => void = () => {};

  constructor(address: string, options: Pick<MultiworldOptions, 'slotName' | 'game'> & Partial<MultiworldOptions>) {
    this.client = openMultiworld({
      address,
      itemsHandling: 7,
      // Waits of the back-off are cut short; deadlines stay what they are.
      clock: {
        ...systemClock,
        after: (ms, run) => systemClock.after(BACK_OFF_MS.includes(ms) ? 1 : ms, run),
      },
      random: () => 0.75,
      onEvent: (event) => {
        this.events.push(event);
        this.#wake();
      },
      ...options,
    });
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    const end = Date.now() + 10_000;
    while (!holds()) {
      if (Date.now() > end) throw new Error(`in vain: ${what}; told: ${this.events.map(({ kind }) => kind).join(' ')}`);
      const cancel = await new Promise<() => void>((resolve) => {
        const stop = systemClock.after(200, () => resolve(stop));
        this.#wake = () => resolve(stop);
      });
      cancel();
    }
  }

  joined(): Promise<void> {
    return this.until('a login', () => this.client.status === 'joined');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.client.close();
  }
}

const trio = (): Promise<MultiworldServer> => startServer({ room: readRoom(roomText('trio')) });
const cyd = (server: MultiworldServer, options: Partial<MultiworldOptions> = {}) =>
  new Player(`${server.host}:${server.port}`, { slotName: 'Cyd', game: 'ChecksFinder', ...options });
const alice = (server: MultiworldServer, options: Partial<MultiworldOptions> = {}) =>
  new Player(`${server.host}:${server.port}`, { slotName: 'Alice', game: 'APQuest', ...options });

/** What the room holds for a slot, beside what its client thinks. */
const expectSame = (server: MultiworldServer, slot: number, { client }: Player): void => {
  expect(new Set(client.room?.checked)).toEqual(new Set(server.room.checked(slot)));
  const start = client.room?.items.filter(({ location }) => location === -2).length ?? 0;
  const received = client.room?.items.slice(start).map(({ item, location, player }) => [item, location, player]);
  expect(received).toEqual(server.room.items(slot).map(({ item, location, player }) => [item, location, player]));
};

describe('our client in a room, over real websockets', () => {
  it('plays it to the end', async () => {
    await using server = await trio();
    await using finder = cyd(server);
    await using receiver = alice(server);
    await Promise.all([finder.joined(), receiver.joined()]);
    finder.client.playing(true);
    finder.client.check(PLACES);
    await finder.until('all checks', () => finder.client.pendingChecks.length === 0);
    finder.client.goal();
    const due = server.room.items(ALICE).length;
    await receiver.until('all items', () => (receiver.client.room?.items.length ?? 0) >= due + 1);
    expectSame(server, CYD, finder);
    expectSame(server, ALICE, receiver);
    expect(finder.client.names.location(81_000, CYD)).not.toContain('Unknown');
    const texts = finder.events.flatMap((event) => (event.kind === 'text' ? [event.text] : []));
    expect(texts.some((text) => /^Cyd sent Key to Alice \(/.test(text))).toBe(true);
    await finder.until('the goal', () =>
      finder.events.some((event) => event.kind === 'text' && event.category === 'Goal'),
    );
    expect(server.room.status(CYD)).toBeTruthy();
  });

  it('loses nothing when connections are cut, packets vanish or come twice, and the server restarts', async () => {
    await using server = await trio();
    await using finder = cyd(server);
    await using receiver = alice(server);
    await Promise.all([finder.joined(), receiver.joined()]);
    for (const [index, place] of PLACES.entries()) {
      if (index % 5 === 0) server.faults.cut();
      if (index % 5 === 1) server.faults.swallow('ReceivedItems');
      if (index % 5 === 2) server.faults.duplicate(2);
      if (index % 5 === 3) server.faults.cutAfter(1);
      if (index % 12 === 11) await server.restart();
      finder.client.check([place]);
      await finder.until(`check ${place}`, () => server.room.checked(CYD).includes(place));
    }
    server.faults.clear();
    // What was swallowed last shows itself by the next item, or by the next login.
    server.faults.cut();
    await finder.until('the last acknowledgement', () => finder.client.pendingChecks.length === 0);
    await receiver.until(
      'all items',
      () => (receiver.client.room?.items.length ?? 0) === server.room.items(ALICE).length + 1,
    );
    expectSame(server, CYD, finder);
    expectSame(server, ALICE, receiver);
  });

  it('brings a server that went back to an older save up to date', async () => {
    await using server = await trio();
    await using finder = cyd(server);
    await finder.joined();
    const old = server.save();
    finder.client.check(PLACES.slice(0, 10));
    await finder.until('ten checks', () => finder.client.pendingChecks.length === 0);
    await server.restart({ save: old });
    expect(server.room.checked(CYD)).toEqual([]);
    await finder.until('ten checks again', () => server.room.checked(CYD).length === 10);
    await finder.until('acknowledgement', () => finder.client.pendingChecks.length === 0);
    expectSame(server, CYD, finder);
  });

  it('watches a counter, and takes from it what is there', async () => {
    await using server = await trio();
    await using one = cyd(server);
    await using two = alice(server);
    await Promise.all([one.joined(), two.joined()]);
    const seen: unknown[] = [];
    one.client.watch('EnergyLink0', (value) => seen.push(value));
    const put = await two.client.set('EnergyLink0', [{ operation: 'add', value: 2n ** 60n }], { default: 0 });
    expect(put).toEqual({ original: 0, value: 2n ** 60n });
    const drain = [
      { operation: 'add', value: -(2n ** 61n) },
      { operation: 'max', value: 0 },
    ];
    expect(await one.client.set('EnergyLink0', drain, { default: 0 })).toEqual({ original: 2n ** 60n, value: 0 });
    expect(seen.slice(-2)).toEqual([2n ** 60n, 0]);
    server.faults.cut();
    await two.until('return', () => two.events.filter(({ kind }) => kind === 'joined').length === 2);
    await one.until('return', () => one.events.filter(({ kind }) => kind === 'joined').length === 2);
    await two.client.set('EnergyLink0', [{ operation: 'replace', value: 5 }]);
    expect(await one.client.get(['EnergyLink0'])).toEqual({ EnergyLink0: 5 });
    expect(seen.at(-1)).toBe(5);
  });

  it('scouts, hints and dies together', async () => {
    await using server = await trio();
    await using one = cyd(server, { tags: ['AP', 'DeathLink'] });
    await using two = alice(server, { tags: ['AP', 'DeathLink'] });
    await Promise.all([one.joined(), two.joined()]);
    const scouted = await one.client.scout([81_001, 12, 81_000], { hint: 2 });
    expect(scouted.map(({ location }) => location)).toEqual([81_001, 81_000]);
    await two.until('a hint', () => two.events.some((event) => event.kind === 'text' && event.topic === 'hint'));
    one.client.death({ source: 'Cyd', cause: 'Cyd stepped on a mine.' });
    await two.until('a death', () => two.events.some(({ kind }) => kind === 'death'));
    await one.client.get(['x']);
    expect(one.events.some(({ kind }) => kind === 'death')).toBe(false);
  });

  it('is refused with reasons, and gets in with the right password', async () => {
    await using server = await startServer({ room: readRoom(roomText('trio')), password: 'letmein' });
    await using wrong = cyd(server, { slotName: 'Nobody' });
    await wrong.until('a refusal', () => wrong.client.status === 'refused');
    expect(wrong.events.at(-1)).toMatchObject({ kind: 'refused', error: { code: 'server_refused_slot' } });
    await using right = cyd(server, { password: async (refused) => (refused ? 'letmein' : undefined) });
    await right.joined();
  });

  it('finds out whether a port speaks TLS', async () => {
    await using server = await trio();
    const address = `${server.host}:${server.port}`;
    await using player = cyd(server, { schemes: new Map([[address, 'wss']]) });
    await player.joined();
    expect(player.events.map(({ kind }) => kind)).not.toContain('lost');

    // A TLS server drops whoever speaks plainly, and is then spoken to in TLS.
    const openings: number[] = [];
    const tls = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (bytes) => {
        openings.push(bytes[0] ?? 0);
        socket.resetAndDestroy();
      });
    });
    tls.listen(0, '127.0.0.1');
    await once(tls, 'listening');
    await using shy = new Player(`127.0.0.1:${(tls.address() as AddressInfo).port}`, { slotName: 'Cyd', game: '' });
    await shy.until('a loss', () => shy.events.some(({ kind }) => kind === 'lost'));
    const [plain, handshake] = openings;
    expect([String.fromCharCode(plain ?? 0), handshake]).toEqual(['G', 0x16]);
    await shy.client.close();
    tls.close();
  });

  it('is in within one round trip after the greeting', async () => {
    await using server = await trio();
    server.faults.delayMs = 60;
    const start = Date.now();
    await using player = cyd(server);
    await player.joined();
    // Greeting one way, login there and back: three delays, not the four or more of one request after the other.
    expect(Date.now() - start).toBeLessThan(60 * 3 + 400);
    expect(player.client.names.item(80_000, CYD)).not.toContain('Unknown');
  });
});
