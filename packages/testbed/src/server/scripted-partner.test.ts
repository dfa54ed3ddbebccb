import { setImmediate as tick } from 'node:timers/promises';
import { VirtualClock } from '@causeway/bridge/testing';
import { describe, expect, it } from 'vitest';
import { startServer } from './multiworld-server.js';
import { playThrough } from './room/logic.js';
import { readRoom } from './room/read-room.js';
import { type PartnerEvent, startPartner } from './scripted-partner.js';

/** Two slots that lead each other: key and lamp change hands. */
const room = readRoom(
  JSON.stringify({
    seed: 'pair',
    options: { releaseMode: 'disabled', collectMode: 'disabled' },
    games: {
      House: {
        items: { Key: { id: 1, kind: 'progression' }, Dust: 2 },
        locations: { Hall: 1, Porch: 2, Attic: { id: 3, needs: ['Key'] }, Roof: { id: 4, needs: ['Key', 'Key'] } },
        goalNeeds: ['Key', 'Key'],
      },
    },
    slots: [
      {
        name: 'Eve',
        game: 'House',
        locations: {
          Hall: { item: 'Key', for: 'Fay' },
          Porch: 'Dust',
          Attic: { item: 'Key', for: 'Fay' },
          Roof: 'Dust',
        },
      },
      {
        name: 'Fay',
        game: 'House',
        locations: {
          Hall: { item: 'Key', for: 'Eve' },
          Porch: 'Dust',
          Attic: { item: 'Key', for: 'Eve' },
          Roof: 'Dust',
        },
      },
    ],
  }),
);
const [eve, fay] = [room.slots.get(1)!, room.slots.get(2)!];

/** Lets sockets work until something holds. */
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await tick();
};

describe('a scripted partner', () => {
  it('goes no further than its items let it, and reports its goal', async () => {
    await using server = await startServer({ room });
    const events: PartnerEvent[] = [];
    await using partner = startPartner({ url: server.url, slot: eve, onEvent: (event) => events.push(event) });
    await partner.joined;
    expect(partner.open).toEqual([1, 2]);
    expect([partner.checkNext(), partner.checkNext(), partner.checkNext()]).toEqual([1, 2, undefined]);
    await until(() => server.room.checked(1).length === 2);
    server.console('/send Eve Key');
    await until(() => partner.open.length === 1);
    server.console('/send Eve Key');
    await partner.finished;
    await until(() => server.room.status(1) === 30);
    expect(partner.open).toEqual([3, 4]);
    expect(events.map(({ kind }) => kind)).toContain('goal');
  });

  it('plays a room through with another one, at its own pace', async () => {
    expect(playThrough(room).stuck).toEqual([]);
    const clock = new VirtualClock();
    await using server = await startServer({ room });
    await using first = startPartner({ url: server.url, slot: eve, paceMs: 100, clock });
    await using second = startPartner({ url: server.url, slot: fay, paceMs: 100, clock });
    await Promise.all([first.joined, second.joined]);
    let done = false;
    void Promise.all([first.finished, second.finished]).then(() => {
      done = true;
    });
    while (!done) {
      clock.pass(100);
      await tick();
    }
    await until(() => server.room.status(1) === 30 && server.room.status(2) === 30);
    await until(() => first.items.length === server.room.items(1).length);
    expect(first.items.map(({ item }) => item)).toEqual(server.room.items(1).map(({ item }) => item));
  });

  it('comes back to a server that moved and lost its memory, and tells it again', async () => {
    const clock = new VirtualClock();
    await using server = await startServer({ room });
    const fresh = server.save();
    await using partner = startPartner({ url: () => server.url, slot: eve, clock });
    await partner.joined;
    partner.checkNext();
    await until(() => server.room.checked(1).length === 1);
    await server.restart({ port: 0, save: fresh });
    expect(server.room.checked(1)).toEqual([]);
    while (server.room.checked(1).length === 0) {
      clock.pass(500);
      await tick();
    }
    expect(partner.checked).toEqual([1]);
  });

  it('mends a gap in its items', async () => {
    await using server = await startServer({ room });
    await using partner = startPartner({ url: server.url, slot: eve });
    await partner.joined;
    server.faults.swallow('ReceivedItems');
    server.console('/send Eve Dust');
    server.console('/send Eve Key');
    await until(() => partner.items.length === 2);
    expect(partner.items.map(({ item }) => item)).toEqual([2, 1]);
  });

  it('says why it is not let in, and stops trying', async () => {
    await using server = await startServer({ room, password: 'hush' });
    await using partner = startPartner({ url: server.url, slot: eve });
    await expect(partner.joined).rejects.toMatchObject({
      code: 'server_refused',
      context: { errors: ['InvalidPassword'] },
    });
    await until(() => server.connections === 0);
    await partner.close();
  });
});
