import {
  type Effect,
  type Frame,
  type GameModule,
  type MemoryView,
  type ReadPlan,
  readCell,
  type StepResult,
  viewMemory,
} from '@causeway/bridge/game';
import type { Room } from '@causeway/bridge/multiworld';
import { chestsIn } from './chests.js';
import { type DeathState, deathEffects, hearOfDeaths } from './death-link.js';
import { deliveryOf } from './delivery.js';
import { GAME } from './facts.js';
import { identify, PROBE } from './identify.js';
import { BAG_SIZE, IDENT, MAGIC, SCENES, STATE } from './memory-map.js';
import { chainPlan, followChain, healthBehind, type PlayerChain } from './player-chain.js';

/** What the module remembers between two looks. */
export interface RillgateState extends DeathState {
  readonly chain: PlayerChain;
  /** It was said that the bag is full. */
  readonly toldFull: boolean;
}

/** Read at every look, whatever is known. */
const REGIONS: ReadPlan['regions'] = { ident: IDENT.head, state: STATE.head };
const MAGIC_BYTES = new TextEncoder().encode(MAGIC);
/** Which save it is, as text of fixed length. */
const saveId = (memory: MemoryView): string => readCell(memory, STATE.saveId).toString(16).padStart(8, '0');

/** A stage is loaded and a save is being played. Title, loading and boot are neither. */
const isPlaying = (memory: MemoryView): boolean => {
  const scene = readCell(memory, STATE.scene);
  return (
    Buffer.compare(memory.bytes(STATE.magic), MAGIC_BYTES) === 0 &&
    (scene === SCENES.game || scene === SCENES.dead) &&
    readCell(memory, STATE.stageId) !== 0xff
  );
};

const planOf = ({ chain }: RillgateState): ReadPlan => {
  const { regions, guards = [] } = chainPlan(chain);
  return { regions: { ...REGIONS, ...regions }, guards };
};

const fullMessage = (received: number, room: Room, told: boolean): readonly Effect[] =>
  received >= BAG_SIZE && room.items.length > BAG_SIZE && !told
    ? [{ kind: 'message', text: `The bag is full: ${GAME} holds ${BAG_SIZE} items.` }]
    : [];

const step = (frame: Frame, room: Room, before: RillgateState): StepResult<RillgateState> => {
  const { regions } = planOf(before);
  const memory = viewMemory(regions, frame.snapshot);
  const health = healthBehind(regions, frame.snapshot, before.chain);
  const heard = hearOfDeaths(memory, health, frame, before);
  const count = readCell(memory, STATE.frame);
  if (!isPlaying(memory)) {
    const { deaths: _, ...state } = { ...before, ...heard, chain: {} };
    return { state, effects: [], playing: false, frame: count };
  }
  const delivery = deliveryOf(memory);
  const received = delivery.received(memory) ?? 0;
  const next = delivery.next({ memory, items: room.items, outcomes: frame.outcomes });
  const full = fullMessage(received, room, before.toldFull);
  return {
    state: {
      ...heard,
      deaths: readCell(memory, STATE.deaths),
      chain: followChain(memory, before.chain),
      toldFull: before.toldFull || full.length > 0,
    },
    playing: true,
    received,
    frame: count,
    save: { id: saveId(memory) },
    effects: [
      { kind: 'check', locations: chestsIn(memory).filter((id) => room.locations.has(id)) },
      ...(readCell(memory, STATE.goal) === 1 ? [{ kind: 'goal' } as const] : []),
      ...deathEffects(memory, heard, frame.time, room.slotName, health),
      ...(next ? [next] : []),
      ...full,
    ],
  };
};

/** How Causeway plays Rillgate, on a GameCube and on a Wii. */
export const module: GameModule<RillgateState> = {
  id: 'rillgate',
  game: GAME,
  systems: ['GC', 'Wii'],
  probe: PROBE,
  identify,
  start: () => ({ chain: {}, killDue: false, toldFull: false }),
  plan: planOf,
  // The player is somewhere else: what was known of it is not true any more, everything else is.
  guardFailed: (state) => ({ ...state, chain: {} }),
  step,
};
