import type { Emulator } from '@causeway/testbed/emulator';
import { readProgress } from '@causeway/testbed/game';
import type { RoomInspection } from '@causeway/testbed/server';

export interface Verdict {
  readonly checks: number;
  readonly items: number;
  /** What is wrong, in words; empty when every chest and every item arrived exactly once. */
  readonly complaints: readonly string[];
}

/**
 * Compares the game's memory with the server's books. Neither the bridge nor the connector is asked: they are what is
 * judged.
 */
export const judge = (emulator: Emulator, room: RoomInspection, slot: number): Verdict => {
  const { locations, items } = readProgress(({ domain, offset, size }) => {
    const memory = emulator.machine.domains.find(({ name }) => name === domain);
    return Uint8Array.from({ length: size }, (_, index) => memory?.peek(offset + index) ?? 0);
  });
  const opened = new Set(locations);
  const known = new Set(room.checked(slot));
  const sent = room.items(slot).map(({ item }) => item);
  const names = (ids: readonly number[]): string => ids.map((id) => room.itemName(id, slot)).join(', ');
  const place = (id: number): string => room.locationName(id, slot);
  return {
    checks: known.size,
    items: items.length,
    complaints: [
      ...[...opened].filter((id) => !known.has(id)).map((id) => `${place(id)} was opened and never reported`),
      ...[...known].filter((id) => !opened.has(id)).map((id) => `${place(id)} was reported and never opened`),
      ...(items.join() === sent.join() ? [] : [`the bag holds ${names(items)}; the server sent ${names(sent)}`]),
    ],
  };
};
