import {
  type Effect,
  type Frame,
  flaggedLocations,
  type GameModule,
  type MemoryView,
  type ReadPlan,
  readCell,
  type StepResult,
  viewMemory,
} from '@causeway/bridge/game';
import type { Room } from '@causeway/bridge/multiworld';
import { type DeathState, deathEffects, hearOfDeaths } from './death-link.js';
import { delivery } from './delivery.js';
import { GAME, LOCATIONS } from './facts.js';
import { identify, PROBE } from './identify.js';
import { BAG_SIZE, MAGIC, MODES, STATE } from './memory-map.js';
import { saveMarkOf } from './save-mark.js';

/** What the module remembers between two looks. */
export interface MarshlightState extends DeathState {
  /** It was said that the bag is full. */
  readonly toldFull: boolean;
}

const LOCATION_OF_FLAG = new Map(LOCATIONS.map(({ flag, id }) => [flag, id]));
const MAGIC_BYTES = new TextEncoder().encode(MAGIC);

const REGIONS: ReadPlan['regions'] = { state: STATE.head };

const isUp = (memory: MemoryView): boolean =>
  MAGIC_BYTES.every((byte, index) => memory.bytes(STATE.magic)[index] === byte);

const isPlaying = (memory: MemoryView): boolean => {
  const mode = readCell(memory, STATE.mode);
  return isUp(memory) && (mode === MODES.playing || mode === MODES.dead);
};

const fullMessage = (received: number, room: Room, told: boolean): readonly Effect[] =>
  received >= BAG_SIZE && room.items.length > BAG_SIZE && !told
    ? [{ kind: 'message', text: `The bag is full: ${GAME} holds ${BAG_SIZE} items.` }]
    : [];

const step = (frame: Frame, room: Room, before: MarshlightState): StepResult<MarshlightState> => {
  const memory = viewMemory(REGIONS, frame.snapshot);
  const heard = { ...before, ...hearOfDeaths(memory, frame, before) };
  const count = readCell(memory, STATE.frames);
  if (!isPlaying(memory)) {
    const { deaths: _, ...state } = heard;
    return { state, effects: [], playing: false, frame: count };
  }
  const received = delivery.received(memory) ?? 0;
  const next = delivery.next({ memory, items: room.items, outcomes: frame.outcomes });
  const full = fullMessage(received, room, before.toldFull);
  const open = flaggedLocations(memory.bytes(STATE.chests), LOCATION_OF_FLAG);
  const save = saveMarkOf(memory);
  return {
    state: { ...heard, deaths: readCell(memory, STATE.deaths), toldFull: before.toldFull || full.length > 0 },
    playing: true,
    received,
    frame: count,
    ...(save ? { save } : {}),
    effects: [
      { kind: 'check', locations: open.filter((id) => room.locations.has(id)) },
      ...(readCell(memory, STATE.goal) === 1 ? [{ kind: 'goal' } as const] : []),
      ...deathEffects(memory, heard, frame.time, room.slotName),
      ...(next ? [next] : []),
      ...full,
    ],
  };
};

/** How Causeway plays Marshlight, whatever serves the console. */
export const module: GameModule<MarshlightState> = {
  id: 'marshlight',
  game: GAME,
  systems: ['SNES'],
  probe: PROBE,
  identify,
  start: ({ tags = [] }) => ({ shared: tags.includes('DeathLink'), killDue: false, toldFull: false }),
  plan: () => ({ regions: REGIONS }),
  step,
};
