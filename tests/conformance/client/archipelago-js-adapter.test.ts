import { fileURLToPath } from 'node:url';
import { systemClock } from '@causeway/bridge';
import { type FromArchipelagoJsOptions, fromArchipelagoJs } from '@causeway/bridge/archipelago-js';
import type { MultiworldClient, MultiworldEvent } from '@causeway/bridge/multiworld';
import {
  type MultiworldServer,
  type RoomDefinition,
  readRoom,
  readRoomFile,
  startServer,
} from '@causeway/testbed/server';
import { Client, clientStatuses } from 'archipelago.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { roomText } from '../server/recording.js';

/** A launcher logs in with the npm library and hands its client to a bridge. */

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

const ROBIN = 1;
const PIP = 2;

/** A launcher's client, and the bridge's use of it. */
class Launcher implements AsyncDisposable {
  readonly client = new Client();
  readonly events: MultiworldEvent[] = [];
  #multiworld: MultiworldClient | undefined;
  #wake: () => void = () => {};

  get multiworld(): MultiworldClient {
    if (!this.#multiworld) throw new Error('nothing was handed over');
    return this.#multiworld;
  }

  async login(server: MultiworldServer, name = 'Robin', options = {}): Promise<void> {
    await this.client.login(server.url, name, name === 'Robin' ? 'Emberwalk' : 'Gullhaven', options);
  }

  handOver(options: Partial<FromArchipelagoJsOptions> = {}): void {
    this.#multiworld = fromArchipelagoJs(this.client, {
      random: () => 0,
      ...options,
      onEvent: (event) => {
        this.events.push(event);
        this.#wake();
      },
    });
  }

  async joined(server: MultiworldServer, name?: string, options = {}): Promise<this> {
    await this.login(server, name, options);
    this.handOver();
    await this.until('to be in the room', () => this.multiworld.status === 'joined');
    return this;
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    const end = Date.now() + 10_000;
    while (!holds()) {
      if (Date.now() > end) throw new Error(`in vain: ${what}; told: ${this.kinds().join(' ')}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 50);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  kinds(): readonly string[] {
    return this.events.map(({ kind }) => kind);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#multiworld?.close();
    this.client.socket.disconnect();
  }
}

const placesOf = (server: MultiworldServer, slot: number): readonly number[] => [
  ...server.room.missing(slot),
  ...server.room.checked(slot),
];

/** What the room holds for a slot, beside what the adapter says. */
const expectSame = (server: MultiworldServer, slot: number, { multiworld }: Launcher): void => {
  expect(new Set(multiworld.room?.checked)).toEqual(new Set(server.room.checked(slot)));
  const received = multiworld.room?.items.map(({ item, location, player }) => [item, location, player]);
  expect(received).toEqual(server.room.items(slot).map(({ item, location, player }) => [item, location, player]));
};

describe('a client of archipelago.js, handed over', () => {
  it('is in the room with all that the library knows', async () => {
    await using server = await startServer({ room });
    await using pip = await new Launcher().joined(server, 'Pip');
    pip.client.check(...placesOf(server, PIP).slice(0, 5));
    await using robin = await new Launcher().joined(server);
    const found = robin.multiworld.room;
    expect(robin.kinds()[0]).toBe('joined');
    expect(found).toMatchObject({ seed: 'causeway-duo', slot: ROBIN, slotName: 'Robin', game: 'Emberwalk' });
    expect(found?.players.map(({ name, game }) => [name, game])).toEqual([
      ['Robin', 'Emberwalk'],
      ['Pip', 'Gullhaven'],
    ]);
    expect(found?.locations).toEqual(new Set(placesOf(server, ROBIN)));
    expectSame(server, ROBIN, robin);
    const [first] = server.room.items(ROBIN);
    if (first) expect(robin.multiworld.names.item(first.item, ROBIN)).not.toContain('Unknown');
    expect(robin.multiworld.names.player(PIP)).toBe('Pip');
    expect(robin.multiworld.names.item(999_999, ROBIN)).toBe('Unknown item (ID: 999999)');
  });

  it('brings the settings of its slot, which the library does not keep', async () => {
    await using server = await startServer({ room: readRoom(roomText('trio')) });
    await using alice = new Launcher();
    const slotData = await alice.client.login(server.url, 'Alice', 'APQuest');
    alice.handOver();
    await alice.until('to be in the room', () => alice.multiworld.status === 'joined');
    expect(Object.keys(slotData)).not.toEqual([]);
    expect(alice.multiworld.room?.slotData).toEqual(slotData);
  });

  it('plays its slot to the goal', async () => {
    await using server = await startServer({ room });
    await using robin = await new Launcher().joined(server);
    await using pip = await new Launcher().joined(server, 'Pip');
    robin.multiworld.playing(true);
    for (const [slot, launcher] of [
      [ROBIN, robin],
      [PIP, pip],
    ] as const)
      launcher.multiworld.check(placesOf(server, slot));
    await robin.until('acknowledgement', () => robin.multiworld.pendingChecks.length === 0);
    await pip.until('acknowledgement', () => pip.multiworld.pendingChecks.length === 0);
    await robin.until('items', () => robin.multiworld.room?.items.length === server.room.items(ROBIN).length);
    await pip.until('items', () => pip.multiworld.room?.items.length === server.room.items(PIP).length);
    expectSame(server, ROBIN, robin);
    expectSame(server, PIP, pip);
    // The library sees the same room.
    expect(robin.client.room.missingLocations).toEqual([]);
    expect(robin.client.items.count).toBe(server.room.items(ROBIN).length);
    robin.multiworld.goal();
    await robin.until('the goal', () => server.room.status(ROBIN) === clientStatuses.goal);
    const texts = robin.events.flatMap((event) => (event.kind === 'text' ? [event.text] : []));
    expect(texts).toContain('Pip sent Axe to Robin (Market: Well)');
  });

  it('scouts, stores, watches, chats and shares deaths', async () => {
    await using server = await startServer({ room });
    await using robin = await new Launcher().joined(server, 'Robin', { tags: ['DeathLink'] });
    await using pip = await new Launcher().joined(server, 'Pip');
    const camp = 320_016;
    expect(await robin.multiworld.scout([camp, 5])).toEqual([expect.objectContaining({ location: camp })]);
    const seen: unknown[] = [];
    pip.multiworld.watch('energy', (value) => seen.push(value));
    await pip.multiworld.get(['energy']);
    expect(await robin.multiworld.set('energy', [{ operation: 'add', value: 5 }], { default: 0 })).toEqual({
      original: 0,
      value: 5,
    });
    await pip.until('a change', () => seen.includes(5));
    expect(robin.multiworld.say('the well is deep')).toBe(true);
    await pip.until('chat', () => pip.events.some((event) => event.kind === 'text' && event.text.includes('the well')));

    // A tag set here is one the library knows, and adds to.
    pip.multiworld.tag('DeathLink', true);
    await pip.multiworld.get(['energy']);
    expect(pip.client.arguments.tags).toContain('DeathLink');
    expect(pip.client.arguments.items).toBe(7);
    robin.multiworld.death({ source: 'Robin', cause: 'Robin fell into the well' });
    await pip.until('a death', () => pip.kinds().includes('death'));
    const death = pip.events.find((event) => event.kind === 'death');
    expect(death).toMatchObject({ death: { source: 'Robin', cause: 'Robin fell into the well' } });
    await robin.multiworld.get(['energy']);
    expect(robin.kinds()).not.toContain('death');
  });

  it('refuses what the library would distort on its way', async () => {
    await using server = await startServer({ room });
    await using robin = await new Launcher().joined(server);
    for (const value of [2n ** 60n, Number.NaN]) {
      const stored = robin.multiworld.set('energy', [{ operation: 'replace', value }]);
      await expect(stored).rejects.toMatchObject({ code: 'server_invalid_packet' });
    }
    expect(await robin.multiworld.get(['energy'])).toEqual({ energy: null });
  });

  it('keeps everything while the library is away, and replays it when the launcher logs in again', async () => {
    await using server = await startServer({ room });
    await using robin = await new Launcher().joined(server);
    const [one, two] = placesOf(server, ROBIN);
    const pending = robin.multiworld.get(['never']);
    server.faults.cut();
    await expect(pending).rejects.toMatchObject({ code: 'server_lost' });
    await robin.until('a loss', () => robin.kinds().includes('lost'));
    robin.multiworld.check([one!, two!]);
    robin.multiworld.goal();
    robin.multiworld.tag('DeathLink', true);
    expect(robin.multiworld.say('anybody?')).toBe(false);
    expect(server.room.checked(ROBIN)).toEqual([]);
    await robin.login(server);
    await robin.until('the return', () => robin.multiworld.status === 'joined');
    expect(robin.events.findLast(({ kind }) => kind === 'joined')).toMatchObject({ rejoined: true });
    await robin.until('acknowledgement', () => robin.multiworld.pendingChecks.length === 0);
    await robin.until('the goal', () => server.room.status(ROBIN) === clientStatuses.goal);
    expect(new Set(server.room.checked(ROBIN))).toEqual(new Set([one, two]));
    await robin.until('the tag', () => robin.client.arguments.tags.includes('DeathLink'));
    expectSame(server, ROBIN, robin);
  });

  it('makes up for the holes in the library’s item list', async () => {
    await using server = await startServer({ room });
    await using pip = await new Launcher().joined(server, 'Pip');
    await using robin = new Launcher();
    await robin.login(server);
    const places = placesOf(server, PIP);
    const half = Math.floor(places.length / 2);
    server.faults.swallow('ReceivedItems', 1, ({ slot }) => slot === ROBIN);
    pip.multiworld.check(places.slice(0, half));
    await robin.until('the swallowed ones', () => server.room.items(ROBIN).length > 0);
    pip.multiworld.check(places.slice(half));
    await robin.until('a hole', () => robin.client.items.count === server.room.items(ROBIN).length);
    expect((robin.client.items.received as unknown[]).includes(undefined)).toBe(true);
    robin.handOver();
    await robin.until('all items', () => robin.multiworld.room?.items.length === server.room.items(ROBIN).length);
    expectSame(server, ROBIN, robin);
  });

  it('notices a network that died without a word, which the library does not', async () => {
    await using server = await startServer({ room });
    await using robin = new Launcher();
    await robin.login(server);
    const PING_MS = 15_000;
    // Only the waits between pings are cut short.
    const clock = {
      ...systemClock,
      after: (ms: number, run: () => void) => systemClock.after(ms === PING_MS ? 40 : ms, run),
    };
    robin.handOver({ clock });
    await robin.until('to be in the room', () => robin.multiworld.status === 'joined');
    const quiet = Date.now() + 400;
    await robin.until('ten answered pings', () => Date.now() > quiet);
    expect(robin.multiworld.status).toBe('joined');
    server.faults.freeze();
    await robin.until('a loss', () => robin.kinds().includes('lost'));
    expect(robin.events.at(-1)).toMatchObject({ kind: 'lost', error: { code: 'server_lost' } });
    expect(robin.client.authenticated).toBe(true);
  });

  it('may be handed over before it is logged in, and must come back to the same slot', async () => {
    await using server = await startServer({ room });
    await using robin = new Launcher();
    robin.handOver();
    await robin.login(server);
    await robin.until('to be in the room', () => robin.multiworld.status === 'joined');
    expect(robin.multiworld.room?.slotName).toBe('Robin');
    await robin.login(server, 'Pip');
    await robin.until('a refusal', () => robin.multiworld.status === 'refused');
    expect(robin.events.at(-1)).toMatchObject({ kind: 'refused', error: { code: 'server_refused_slot' } });
  });

  it('is let go of, logged in, when the bridge ends', async () => {
    await using server = await startServer({ room });
    await using robin = await new Launcher().joined(server);
    const [one, two] = placesOf(server, ROBIN);
    robin.multiworld.check([one!]);
    await robin.multiworld.close();
    await robin.multiworld.close();
    expect(robin.multiworld.status).toBe('closed');
    const told = robin.events.length;
    expect(robin.client.authenticated).toBe(true);
    robin.client.check(two!);
    await robin.until('the launcher’s check', () => server.room.checked(ROBIN).length === 2);
    expect(robin.events).toHaveLength(told);
    robin.client.socket.disconnect();
    await robin.login(server);
    expect(robin.multiworld.status).toBe('closed');
  });
});
