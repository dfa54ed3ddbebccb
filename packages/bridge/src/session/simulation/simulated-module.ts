import type { Region } from '../../device/contract.js';
import { flaggedLocations } from '../../game/bit-flags.js';
import type { Effect, GameModule, ReadPlan } from '../../game/contract.js';
import type { Delivery } from '../../game/delivery.js';
import { viewMemory } from '../../game/memory-view.js';
import { FLAGS, GOAL, LOCATION_BASE, LOCATIONS, MODE, ROM_NAME } from './memory-map.js';

interface State {
  /** The gate as last seen; while it is open it guards the reads. */
  readonly playing: boolean;
}

const mode = { domain: 'RAM', offset: MODE.at, size: 1 } as const;
const gateGuard = { at: { domain: mode.domain, offset: mode.offset }, expect: Uint8Array.of(MODE.playing) };
const locations = new Map(Array.from({ length: LOCATIONS }, (_, chest) => [chest, LOCATION_BASE + chest]));

/** The scripted game's module, written as an author would write one. `flags`: where it looks for chests. */
export const simulatedModule = (delivery: Delivery, flags: Region = FLAGS): GameModule<State> => {
  const regions: ReadPlan['regions'] = { mode, flags, goal: GOAL, ...delivery.regions };
  return {
    id: 'simulated',
    game: 'Simulated',
    systems: ['SIM'],
    probe: { name: ROM_NAME },
    identify: ({ name }) => {
      const slotName = Buffer.from(name ?? [])
        .toString('latin1')
        .replace(/\0+$/, '');
      if (!slotName.startsWith('slot')) return { match: 'no' };
      return { match: 'yes', identity: { title: `Simulated for ${slotName}`, slotName, itemsHandling: 7 } };
    },
    start: () => ({ playing: false }),
    plan: ({ playing }) => ({ regions, ...(playing ? { guards: [gateGuard] } : {}) }),
    guardFailed: () => ({ playing: false }),
    step: ({ snapshot, outcomes }, room, before) => {
      const playing = snapshot['mode']?.[0] === MODE.playing;
      // The first look through an open gate is not guarded by it yet.
      if (!playing || !before.playing) return { state: { playing }, effects: [], playing: false };
      const memory = viewMemory(regions, snapshot);
      const effects: Effect[] = [
        { kind: 'check', locations: flaggedLocations(snapshot['flags'] ?? new Uint8Array(), locations) },
      ];
      if (snapshot['goal']?.[0] === 1) effects.push({ kind: 'goal' });
      const next = delivery.next({ memory, items: room.items, outcomes });
      if (next) effects.push(next);
      const received = delivery.received(memory);
      return { state: { playing }, effects, playing, ...(received === undefined ? {} : { received }) };
    },
  };
};
