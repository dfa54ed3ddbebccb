import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EMBERS_NEEDED, GAME, ITEMS, LOCATIONS } from '../game/facts.js';
import { playThrough } from './room/logic.js';
import { readRoomFile } from './room/read-room.js';
import type { RoomDefinition } from './room/room-definition.js';

const duo = await readRoomFile(fileURLToPath(new URL('../../rooms/duo.json', import.meta.url)));

/** The room without one placement: what lies there is lost. */
const without = (room: RoomDefinition, slot: number, location: number): RoomDefinition => ({
  ...room,
  slots: new Map(
    [...room.slots].map(([number, seat]) => {
      const locations = new Map(seat.locations);
      if (number === slot) locations.delete(location);
      return [number, { ...seat, locations }];
    }),
  ),
});

describe('the duo room', () => {
  const robin = duo.slots.get(1)!;
  const pip = duo.slots.get(2)!;

  it('has our game as it is: names, ids, what opens what', () => {
    const tables = duo.games.get(GAME)!;
    expect([...tables.items]).toEqual(ITEMS.map(({ name, id }) => [name, id]));
    expect([...tables.locations]).toEqual(LOCATIONS.map(({ name, id }) => [name, id]));
    for (const { id, needs } of LOCATIONS) {
      expect(robin.logic.needs.get(id)).toEqual(needs.map((name) => tables.items.get(name)));
    }
    const ember = tables.items.get('Ember');
    expect(robin.logic.goalNeeds.filter((item) => item === ember)).toHaveLength(EMBERS_NEEDED);
  });

  it('holds the whole pool of our game, with its flags, and fills every location', () => {
    const placed = [...duo.slots.values()].flatMap(({ locations }) => [...locations.values()]);
    for (const { id, inPool, flags } of ITEMS) {
      const own = placed.filter(({ item, receiver }) => receiver === 1 && item === id);
      expect(own).toHaveLength(inPool);
      expect(own.every((placement) => placement.flags === flags)).toBe(true);
    }
    expect(robin.locations.size).toBe(LOCATIONS.length);
    expect(placed.filter(({ receiver }) => receiver === 2)).toHaveLength(pip.locations.size);
    expect(pip.locations.size).toBeGreaterThanOrEqual(12);
  });

  it('can be beaten: everybody reaches everything and the goal', () => {
    const { spheres, stuck, unreachable } = playThrough(duo);
    expect(stuck).toEqual([]);
    expect(unreachable).toEqual([]);
    expect(spheres.flat()).toHaveLength(robin.locations.size + pip.locations.size);
    // A story, not a rush: the two hand things back and forth.
    expect(spheres.length).toBeGreaterThanOrEqual(5);
  });

  it('needs both: neither gets far without what the other finds', () => {
    for (const [keeper, other] of [
      [robin, pip],
      [pip, robin],
    ] as const) {
      const alone = [...other.locations.keys()].reduce((room, location) => without(room, other.slot, location), duo);
      const { stuck, unreachable } = playThrough(alone);
      expect(stuck).toContain(keeper.slot);
      expect(unreachable.filter(([slot]) => slot === keeper.slot).length).toBeGreaterThan(keeper.locations.size / 3);
    }
  });

  it('would be noticed if it could not be beaten', () => {
    const [well] = [...duo.games.get('Gullhaven')!.locations]
      .filter(([name]) => name === 'Market: Well')
      .map(([, id]) => id);
    expect(playThrough(without(duo, 2, well!)).stuck).toEqual([1, 2]);
  });
});
