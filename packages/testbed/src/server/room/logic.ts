import { SlotType } from '@causeway/protocol/archipelago';
import type { RoomDefinition, RoomSlot } from './room-definition.js';

/** Whether a slot that has these items has what is needed; an id twice needs two of it. */
export const hasAll = (items: Iterable<number>, needs: readonly number[]): boolean => {
  const left = new Map<number, number>();
  for (const item of items) left.set(item, (left.get(item) ?? 0) + 1);
  return needs.every((item) => {
    const count = left.get(item) ?? 0;
    left.set(item, count - 1);
    return count > 0;
  });
};

/** The locations of a slot within reach of these items, in the order of the room file. */
export const withinReach = ({ locations, logic }: RoomSlot, items: readonly number[]): readonly number[] =>
  [...locations.keys()].filter((location) => hasAll(items, logic.needs.get(location) ?? []));

/** How a room is played through: which locations open at each step, and who can reach the goal in the end. */
export interface Playthrough {
  /** Slot and location of what newly opens, step by step. */
  readonly spheres: readonly (readonly (readonly [slot: number, location: number])[])[];
  /** Slots that cannot reach their goal. */
  readonly stuck: readonly number[];
  /** Locations nobody ever gets to. */
  readonly unreachable: readonly (readonly [slot: number, location: number])[];
}

/** Plays a room by its logic alone: everybody opens all they can reach, then everything is handed out, and again. */
export const playThrough = ({ slots }: RoomDefinition): Playthrough => {
  const items = new Map([...slots.values()].map(({ slot, startItems }) => [slot, [...startItems]]));
  const opened = new Set<string>();
  const spheres: (readonly [number, number])[][] = [];
  const closed = (slot: RoomSlot, location: number): boolean => !opened.has(`${slot.slot}:${location}`);
  for (;;) {
    const sphere = [...slots.values()].flatMap((slot) =>
      withinReach(slot, items.get(slot.slot) ?? [])
        .filter((location) => closed(slot, location))
        .map((location) => [slot.slot, location] as const),
    );
    if (sphere.length === 0) break;
    spheres.push(sphere);
    for (const [slot, location] of sphere) {
      opened.add(`${slot}:${location}`);
      const placement = slots.get(slot)?.locations.get(location);
      if (!placement) continue;
      const members = slots.get(placement.receiver)?.members ?? [];
      for (const receiver of members.length > 0 ? members : [placement.receiver]) {
        items.get(receiver)?.push(placement.item);
      }
    }
  }
  const players = [...slots.values()].filter(({ type }) => type === SlotType.player);
  return {
    spheres,
    stuck: players.filter(({ slot, logic }) => !hasAll(items.get(slot) ?? [], logic.goalNeeds)).map(({ slot }) => slot),
    unreachable: players.flatMap((slot) =>
      [...slot.locations.keys()].filter((location) => closed(slot, location)).map((id) => [slot.slot, id] as const),
    ),
  };
};
