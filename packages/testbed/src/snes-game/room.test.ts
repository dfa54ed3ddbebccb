import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { playThrough } from '../server/room/logic.js';
import { readRoomFile } from '../server/room/read-room.js';
import { GAME, ITEMS, LOCATIONS, SPARKS_NEEDED } from './facts.js';

const room = await readRoomFile(fileURLToPath(new URL('../../rooms/marshlight.json', import.meta.url)));
const [wren, pip] = [room.slots.get(1)!, room.slots.get(2)!];

describe('the room of Marshlight and Gullhaven', () => {
  it('has our game as it is: names, ids, what opens what', () => {
    const tables = room.games.get(GAME)!;
    expect([...tables.items]).toEqual(ITEMS.map(({ name, id }) => [name, id]));
    expect([...tables.locations]).toEqual(LOCATIONS.map(({ name, id }) => [name, id]));
    for (const { id, needs } of LOCATIONS) {
      expect(wren.logic.needs.get(id) ?? []).toEqual(needs.map((name) => tables.items.get(name)));
    }
    const spark = tables.items.get('Spark');
    expect(wren.logic.goalNeeds.filter((item) => item === spark)).toHaveLength(SPARKS_NEEDED);
  });

  it('holds the whole pool of our game, with its flags, and fills every location', () => {
    const placed = [...room.slots.values()].flatMap(({ locations }) => [...locations.values()]);
    for (const { id, inPool, flags } of ITEMS) {
      const own = placed.filter(({ item, receiver }) => receiver === 1 && item === id);
      expect(own).toHaveLength(inPool);
      expect(own.every((placement) => placement.flags === flags)).toBe(true);
    }
    expect(wren.locations.size).toBe(LOCATIONS.length);
    expect(placed.filter(({ receiver }) => receiver === 2)).toHaveLength(pip.locations.size);
  });

  it('can be beaten, and only together', () => {
    const { spheres, stuck, unreachable } = playThrough(room);
    expect([stuck, unreachable]).toEqual([[], []]);
    expect(spheres.length).toBeGreaterThanOrEqual(5);
    for (const [keeper, other] of [
      [wren, pip],
      [pip, wren],
    ] as const) {
      const alone = new Map(room.slots).set(other.slot, { ...other, locations: new Map() });
      expect(playThrough({ ...room, slots: alone }).stuck).toContain(keeper.slot);
    }
  });
});
