import { describe, expect, it } from 'vitest';
import { SMALL_ROOM } from '../test-support/test-room.js';
import { readRoom, readRoomFile } from './read-room.js';

const small = () => JSON.parse(SMALL_ROOM) as Record<string, never> & { slots: Record<string, unknown>[] };

describe('a room file for people', () => {
  it('becomes a whole room', () => {
    const room = readRoom(SMALL_ROOM);
    expect([...room.slots.values()].map(({ slot, name, type, members }) => [slot, name, type, members])).toEqual([
      [1, 'Ann', 1, []],
      [2, 'Ben', 1, []],
      [3, 'Cid', 1, []],
      [4, 'Both', 2, [1, 2]],
    ]);
    expect(Object.fromEntries(room.connectNames)).toEqual({ Ann: 1, Ben: 2, Cid: 3, Both: 4, QW5u: 1 });
    expect(room.slots.get(1)?.locations.get(12)).toEqual({ item: 4, receiver: 4, flags: 2 });
    expect(room.slots.get(1)?.startItems).toEqual([2]);
    expect([...room.games.keys()]).toEqual(['Oak', 'Sea', 'Archipelago']);
    expect(room.games.get('Oak')?.locationGroups.get('Everywhere')).toEqual(['Crown', 'Nest', 'Root', 'Trunk']);
  });

  it('has a checksum that changes with its names and groups and with nothing else', () => {
    const checksum = (text: string) => readRoom(text).games.get('Oak')?.checksum;
    const first = checksum(SMALL_ROOM);
    expect(first).toMatch(/^[0-9a-f]{40}$/);
    expect(checksum(SMALL_ROOM.replace('"seed":"small"', '"seed":"big"'))).toBe(first);
    expect(checksum(SMALL_ROOM.replace('["Crown","Nest"]', '["Crown"]'))).not.toBe(first);
  });

  it.each<[string, (room: ReturnType<typeof small>) => void]>([
    ["no location 'Twig'", ({ slots }) => Object.assign(slots[1]!['locations']!, { Twig: 'Leaf' })],
    ["no item 'Moon'", ({ slots }) => Object.assign(slots[1]!['locations']!, { Root: 'Moon' })],
    ["no slot 'Dan'", ({ slots }) => Object.assign(slots[1]!['locations']!, { Root: { item: 'Leaf', for: 'Dan' } })],
    ["no game 'Sky'", ({ slots }) => Object.assign(slots[1]!, { game: 'Sky' })],
    ["no game 'constructor'", ({ slots }) => Object.assign(slots[1]!, { game: 'constructor' })],
    ["no item 'toString'", ({ slots }) => Object.assign(slots[1]!['locations']!, { Root: 'toString' })],
    ['the same name', ({ slots }) => Object.assign(slots[1]!, { name: 'Ann' })],
    ['slots[1].name', ({ slots }) => Object.assign(slots[1]!, { name: 5 })],
    ['Unrecognized key', (room) => Object.assign(room, { surprise: 1 })],
  ])('is refused with the place that does not fit: %s', (problem, spoil) => {
    const room = small();
    spoil(room);
    expect(() => readRoom(JSON.stringify(room))).toThrow(
      expect.objectContaining({ code: 'room_invalid', message: expect.stringContaining(problem) }),
    );
  });

  it.each(['', 'no json', '[]', '5', '{"connect_names":{}}', '{"connect_names":5,"version":[0,6,7]}'])(
    'is not %j',
    (text) => {
      expect(() => readRoom(text)).toThrow(expect.objectContaining({ code: 'room_invalid' }));
    },
  );

  it('must be there', async () => {
    await expect(readRoomFile('/nowhere/room.json')).rejects.toMatchObject({ code: 'file_unreadable' });
  });
});
