import { type Effect, type Frame, guardSeen, type MemoryView, readCell } from '@causeway/bridge/game';
import { MODES, STATE } from './memory-map.js';

const KILL_LABEL = 'kill';
/** A death this soon after one we caused is that one, milliseconds. */
const ECHO_MS = 3000;

/** What is remembered of deaths between two looks. */
export interface DeathState {
  /** Whether this copy shares deaths. */
  readonly shared: boolean;
  /** Deaths the game had counted when last seen; absent before the first look and while nobody plays. */
  readonly deaths?: number;
  /** Somebody else died and the keeper has not yet. */
  readonly killDue: boolean;
  /** Until when a death is the one we caused, milliseconds of {@link Frame.time}. */
  readonly echoUntil?: number;
}

/**
 * Takes in what others died of, and what became of our own kill. One whose outcome is unknown is let go. While the game has not
 * come to it, because it stands still, the death it will bring stays ours.
 */
export const hearOfDeaths = (memory: MemoryView, { outcomes, deaths, time }: Frame, before: DeathState): DeathState => {
  const settled = outcomes.some(
    ({ label, outcome }) => label === KILL_LABEL && (outcome === 'applied' || outcome === 'unknown'),
  );
  const killDue = before.shared && (deaths.length > 0 || (before.killDue && !settled));
  const coming = settled || readCell(memory, STATE.kill) === 1;
  return { ...before, killDue, ...(coming ? { echoUntil: time + ECHO_MS } : {}) };
};

/** A falling count is a reset or an older state, not a death. */
const diedItself = (memory: MemoryView, { shared, deaths, echoUntil }: DeathState, time: number): boolean =>
  shared &&
  deaths !== undefined &&
  readCell(memory, STATE.deaths) > deaths &&
  (echoUntil === undefined || time > echoUntil);

/** Tells of the keeper's own death, and kills it for somebody else's once it can die. */
export const deathEffects = (
  memory: MemoryView,
  state: DeathState,
  time: number,
  slotName: string,
): readonly Effect[] => {
  if (diedItself(memory, state, time)) return [{ kind: 'death', cause: `${slotName} sank into the marsh.` }];
  const mortal = readCell(memory, STATE.mode) === MODES.playing && readCell(memory, STATE.kill) === 0;
  if (!state.killDue || !mortal) return [];
  const guards = [STATE.magic, STATE.mode, STATE.kill].map((region) => guardSeen(memory, region));
  return [{ kind: 'write', label: KILL_LABEL, guards, writes: [{ at: STATE.kill, data: Uint8Array.of(1) }] }];
};
