import type { ClientPacket } from '@causeway/protocol/archipelago';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SocketClose } from '../multiworld/socket.js';
import { settled } from '../testing/virtual-clock.js';
import { BorrowedSocket } from './borrowed-socket.js';
import type { LibraryClient, LibraryPacket } from './library-client.js';

type Event = 'connected' | 'disconnected' | 'receivedPacket';

/** The library, as far as it matters here. */
class FakeLibrary {
  readonly listeners = new Set<readonly [Event, (packet: LibraryPacket) => void]>();
  readonly sent: object[] = [];
  authenticated = true;
  broken = false;
  received: ({ id: number; locationId: number; flags: number; sender: { slot: number } } | undefined)[] = [];
  tags = ['AP'];

  get client(): LibraryClient {
    const { listeners, sent } = this;
    const self = this;
    return {
      get authenticated() {
        return self.authenticated;
      },
      name: 'Ana',
      game: 'Game',
      get arguments() {
        return { tags: self.tags, items: 7 };
      },
      socket: {
        url: 'ws://localhost:1/',
        send: (...packets) => {
          if (self.broken) throw new Error('not connected');
          sent.push(...packets);
        },
        on: (event: Event, listener: (packet: LibraryPacket) => void) => void listeners.add([event, listener]),
        off: (event: Event, listener: (packet: LibraryPacket) => void) => {
          for (const entry of listeners) if (entry[0] === event && entry[1] === listener) listeners.delete(entry);
        },
      },
      package: { findPackage: () => null },
      room: {
        serverVersion: { major: 0, minor: 6, build: 7 },
        generatorVersion: { major: 0, minor: 6, build: 7 },
        games: ['Game'],
        tags: [],
        seedName: 'seed',
        password: false,
        permissions: {},
        hintPoints: 3,
        hintCostPercentage: 10,
        locationCheckPoints: 1,
        missingLocations: [1, 2],
        checkedLocations: [3],
      },
      players: {
        self: { team: 0, slot: 1, name: 'Ana', alias: 'Ana' },
        slots: {
          1: { name: 'Ana', game: 'Game', type: 1, group_members: [] },
          2: { name: 'Bob', game: 'Game', type: 1, group_members: [] },
        },
        findPlayer: (slot) => {
          if (slot === 2) throw new TypeError('nobody there');
          return { team: 0, slot, name: 'Ana', alias: 'Annie' };
        },
      },
      items: {
        get received() {
          return self.received;
        },
      },
    };
  }

  tell(event: Event, packet: LibraryPacket & Record<string, unknown> = { cmd: '' }): void {
    for (const [name, listener] of this.listeners) if (name === event) listener(packet);
  }

  /** Takes what went out, by command. */
  take(): readonly string[] {
    return this.sent.splice(0).map((packet) => (packet as ClientPacket).cmd);
  }
}

const item = (id: number, slot = 2) => ({ id, locationId: id, flags: 0, sender: { slot } });
const CONNECT = { cmd: 'Connect', tags: ['AP'], items_handling: 7 };

let library: FakeLibrary;
let socket: BorrowedSocket;
let told: Record<string, unknown>[];
let closed: SocketClose[];
let opened: number;
let pongs: number;

beforeEach(() => {
  library = new FakeLibrary();
  told = [];
  closed = [];
  opened = 0;
  pongs = 0;
});

const borrow = (): void => {
  socket = new BorrowedSocket(library.client, {
    open: () => {
      opened += 1;
    },
    message: (text) => told.push(...(JSON.parse(text ?? '[]') as Record<string, unknown>[])),
    pong: () => {
      pongs += 1;
    },
    close: (close) => closed.push(close),
  });
};
const say = (...packets: object[]): void => socket.send(JSON.stringify(packets));
const answerLogin = async (slotData: unknown = { speed: 2 }): Promise<void> => {
  library.tell('receivedPacket', {
    cmd: 'Retrieved',
    keys: { _read_slot_data_1: slotData },
    causeway_borrowed: 'slot_data',
  });
  await settled();
};
const join = async (): Promise<void> => {
  borrow();
  await settled();
  say(CONNECT);
  await answerLogin();
  library.take();
  told.length = 0;
};

describe('a borrowed connection', () => {
  it('is never told of anything before it is made', async () => {
    borrow();
    expect([opened, told]).toEqual([0, []]);
    await settled();
    expect(opened).toBe(1);
    expect(told).toMatchObject([{ cmd: 'RoomInfo', seed_name: 'seed', games: ['Game'] }]);
  });

  it('answers the login from what the library knows, after what it does not', async () => {
    library.received = [item(5), item(6)];
    borrow();
    await settled();
    told.length = 0;
    say({ cmd: 'GetDataPackage', games: ['Game'] }, CONNECT, { cmd: 'Get', keys: ['race'] });
    expect(library.take()).toEqual(['Get', 'Get']);
    expect(told).toEqual([]);
    await answerLogin();
    expect(told).toMatchObject([
      { cmd: 'Connected', slot: 1, missing_locations: [1, 2], checked_locations: [3], slot_data: { speed: 2 } },
      { cmd: 'ReceivedItems', index: 0, items: [{ item: 5, player: 2 }, { item: 6 }] },
    ]);
    // One whom the library cannot show goes by the name of the slot.
    expect(told[0]?.['players']).toMatchObject([{ alias: 'Annie' }, { alias: 'Bob', slot: 2 }]);
  });

  it('passes on in order what came during the login', async () => {
    borrow();
    await settled();
    say(CONNECT);
    told.length = 0;
    library.tell('receivedPacket', { cmd: 'PrintJSON', data: [] });
    library.tell('receivedPacket', { cmd: 'RoomUpdate', checked_locations: [2] });
    library.tell('receivedPacket', { cmd: 'ReceivedItems', index: 0, items: [] });
    await answerLogin(null);
    library.tell('receivedPacket', { cmd: 'Bounced' });
    await settled();
    expect(told.map(({ cmd }) => cmd)).toEqual(['Connected', 'PrintJSON', 'ReceivedItems', 'Bounced']);
    expect(told[0]).toMatchObject({ slot_data: {} });
  });

  it.each([
    ['a hole', [item(5), undefined, item(6)]],
    ['a finder the library cannot show', [item(5), { ...item(6), sender: undefined as unknown as { slot: number } }]],
  ])('asks for the whole item list over %s', async (_, received) => {
    library.received = received;
    borrow();
    await settled();
    told.length = 0;
    say(CONNECT);
    expect(library.take()).toEqual(['Get', 'Sync']);
    await answerLogin();
    expect(told[1]).toMatchObject({ cmd: 'ReceivedItems', index: 0, items: [{ item: 5 }] });
    expect(library.take()).toEqual([]);
  });

  it('tells the server of tags and items that changed since the library logged in', async () => {
    borrow();
    await settled();
    say({ ...CONNECT, tags: ['AP', 'DeathLink'] });
    expect(library.sent[0]).toEqual({ cmd: 'ConnectUpdate', tags: ['AP', 'DeathLink'], items_handling: 7 });
    library.take();
    await answerLogin();
    say({ cmd: 'ConnectUpdate', tags: ['AP'] });
    expect(library.sent).toEqual([{ cmd: 'ConnectUpdate', tags: ['AP'], items_handling: 7 }]);
  });

  it('refuses in the server’s words what the library would distort', async () => {
    await join();
    socket.send('[{"cmd":"Set","key":"k","operations":[{"operation":"add","value":[{"deep":1152921504606846976}]}]}]');
    socket.send('[{"cmd":"Bounce","data":{"a":NaN}}]');
    say({ cmd: 'Bounce', data: { a: 1 } });
    await settled();
    expect(told).toMatchObject([
      { cmd: 'InvalidPacket', original_cmd: 'Set' },
      { cmd: 'InvalidPacket', original_cmd: 'Bounce' },
    ]);
    expect(library.take()).toEqual(['Bounce']);
  });

  it('asks for nothing in the place of a ping', async () => {
    await join();
    socket.ping();
    expect(library.sent).toEqual([{ cmd: 'Get', keys: [], causeway_borrowed: 'ping' }]);
    library.tell('receivedPacket', { cmd: 'Retrieved', keys: {}, causeway_borrowed: 'ping' });
    await settled();
    expect([pongs, told]).toEqual([1, []]);
  });

  it('ends when the library loses its connection, once, and hears nothing of the next', async () => {
    await join();
    library.tell('disconnected');
    library.tell('disconnected');
    library.tell('connected');
    library.tell('receivedPacket', { cmd: 'Bounced' });
    await settled();
    expect(closed).toMatchObject([{ code: 1006 }]);
    expect([opened, told, library.listeners.size]).toEqual([1, [], 0]);
  });

  it('ends when the library cannot send', async () => {
    await join();
    library.broken = true;
    say({ cmd: 'Sync' });
    await settled();
    expect(closed).toMatchObject([{ code: 1006, problem: 'Error: not connected' }]);
  });

  it('waits for a library that is not logged in', async () => {
    library.authenticated = false;
    borrow();
    library.tell('disconnected');
    await settled();
    expect([opened, closed]).toEqual([0, []]);
    library.tell('connected');
    await settled();
    expect(opened).toBe(1);
  });

  it('lets go of the library without closing it', async () => {
    await join();
    socket.close();
    socket.terminate();
    await settled();
    expect(closed).toHaveLength(1);
    expect([library.take(), library.listeners.size]).toEqual([[], 0]);
    library.authenticated = false;
    borrow();
    socket.terminate();
    library.tell('connected');
    await settled();
    expect([opened, library.listeners.size]).toEqual([1, 0]);
  });
});
