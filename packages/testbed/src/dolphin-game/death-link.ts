import { type Effect, type Frame, guardSeen, type MemoryView, readCell } from '@causeway/bridge/game';
import { IDENT, SCENES, STATE } from './memory-map.js';
import type { healthBehind } from './player-chain.js';

const KILL_LABEL = 'kill';
/** A death this soon after one we caused is that one, milliseconds. */
const ECHO_MS = 3000;

/** What is remembered of deaths between two looks. */
export interface DeathState {
  /** Deaths the game had counted when last seen; absent before the first look and while nobody plays. */
  readonly deaths?: number;
  /** Somebody else died and the keeper has not yet. */
  readonly killDue: boolean;
  /** Until when a death is the one we caused, milliseconds of {@link Frame.time}. */
  readonly echoUntil?: number;
}

const isShared = (memory: MemoryView): boolean => readCell(memory, IDENT.deathLink) === 1;

/** The player's health, where the pointers to it are known. */
export type Health = ReturnType<typeof healthBehind>;

/**
 * Takes in what others died of, and what became of our own kill. One whose outcome is unknown is let go. While the game has not
 * come to it, because it stands still, the death it will bring stays ours.
 */
export const hearOfDeaths = (
  memory: MemoryView,
  health: Health,
  { outcomes, deaths, time }: Frame,
  before: DeathState,
): DeathState => {
  const settled = outcomes.some(
    ({ label, outcome }) => label === KILL_LABEL && (outcome === 'applied' || outcome === 'unknown'),
  );
  const killDue = deaths.length > 0 || (before.killDue && !settled);
  const ours = before.echoUntil !== undefined && time <= before.echoUntil;
  const coming = settled || (ours && health?.value === 0 && readCell(memory, STATE.scene) === SCENES.game);
  return { ...before, killDue, ...(coming ? { echoUntil: time + ECHO_MS } : {}) };
};

/** Whether the keeper died of its own since the last look. A falling count is another save or an older state, not a death. */
const diedItself = (memory: MemoryView, { deaths, echoUntil }: DeathState, time: number): boolean =>
  isShared(memory) &&
  deaths !== undefined &&
  readCell(memory, STATE.deaths) > deaths &&
  (echoUntil === undefined || time > echoUntil);

/** Tells of the keeper's own death, and kills it for somebody else's once it can die. */
export const deathEffects = (
  memory: MemoryView,
  state: DeathState,
  time: number,
  slotName: string,
  health: Health,
): readonly Effect[] => {
  if (diedItself(memory, state, time)) return [{ kind: 'death', cause: `${slotName} did not hold the gate.` }];
  const mortal = readCell(memory, STATE.scene) === SCENES.game && health !== undefined && health.value > 0;
  if (!state.killDue || !mortal || !isShared(memory)) return [];
  const guards = [IDENT.head, STATE.scene].map((region) => guardSeen(memory, region));
  return [{ kind: 'write', label: KILL_LABEL, guards: [...guards, ...health.guards], writes: [health.end] }];
};
