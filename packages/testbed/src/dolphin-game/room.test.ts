import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { playThrough } from '../server/room/logic.js';
import { readRoomFile } from '../server/room/read-room.js';
import { COGS_NEEDED, GAME, ITEMS, LOCATIONS } from './facts.js';

const room = await readRoomFile(fileURLToPath(new URL('../../rooms/rillgate.json', import.meta.url)));
const [marlo, pip] = [room.slots.get(1)!, room.slots.get(2)!];

describe('the room of Rillgate and Gullhaven', () => {
  it('has our game as it is: names, ids, what opens what', () => {
    const tables = room.games.get(GAME)!;
    expect([...tables.items]).toEqual(ITEMS.map(({ name, id }) => [name, id]));
    expect([...tables.locations]).toEqual(LOCATIONS.map(({ name, id }) => [name, id]));
    for (const { id, needs } of LOCATIONS) {
      expect(marlo.logic.needs.get(id) ?? []).toEqual(needs.map((name) => tables.items.get(name)));
    }
    const cog = tables.items.get('Cog');
    expect(marlo.logic.goalNeeds.filter((item) => item === cog)).toHaveLength(COGS_NEEDED);
  });

  it('holds the whole pool of our game, with its flags, and fills every location', () => {
    const placed = [...room.slots.values()].flatMap(({ locations }) => [...locations.values()]);
    for (const { id, inPool, flags } of ITEMS) {
      const own = placed.filter(({ item, receiver }) => receiver === 1 && item === id);
      expect(own).toHaveLength(inPool);
      expect(own.every((placement) => placement.flags === flags)).toBe(true);
    }
    expect(marlo.locations.size).toBe(LOCATIONS.length);
    expect(placed.filter(({ receiver }) => receiver === 2)).toHaveLength(pip.locations.size);
  });

  it('can be beaten, and only together', () => {
    const { spheres, stuck, unreachable } = playThrough(room);
    expect([stuck, unreachable]).toEqual([[], []]);
    expect(spheres.length).toBeGreaterThanOrEqual(5);
    for (const [keeper, other] of [
      [marlo, pip],
      [pip, marlo],
    ] as const) {
      const alone = new Map(room.slots).set(other.slot, { ...other, locations: new Map() });
      expect(playThrough({ ...room, slots: alone }).stuck).toContain(keeper.slot);
    }
  });
});
