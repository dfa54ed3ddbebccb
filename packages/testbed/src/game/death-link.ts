import { type Effect, type Frame, guardSeen, type MemoryView } from '@causeway/bridge/game';
import { byteAt, bytesTo } from './game-memory.js';
import { DEATH_CAUSES, IDENT, RAM, STATES, WRAM } from './memory-map.js';

const KILL_LABEL = 'kill';

const causeOf = (memory: MemoryView): string => {
  const cause = byteAt(memory, WRAM.deathCause);
  if (cause === DEATH_CAUSES.spikes) return 'walked into spikes';
  return cause === DEATH_CAUSES.wisp ? 'was taken by a wisp' : 'died';
};

const isShared = (memory: MemoryView): boolean => byteAt(memory, IDENT.deathLink) === 1;

/**
 * The hero's own deaths. The game counts those that others caused elsewhere, so none is sent back. A falling count is
 * another save or an older state, not a death.
 *
 * @param before the count at the last look; `undefined` when there was none
 */
export const ownDeath = (memory: MemoryView, before: number | undefined, slotName: string): readonly Effect[] => {
  if (!isShared(memory) || before === undefined || byteAt(memory, WRAM.deaths) <= before) return [];
  return [{ kind: 'death', cause: `${slotName} ${causeOf(memory)}.` }];
};

/** Kills the hero, once it can die. */
export const killEffects = (memory: MemoryView, due: boolean): readonly Effect[] => {
  const can =
    byteAt(memory, RAM.state) === STATES.playing && byteAt(memory, RAM.dying) === 0 && byteAt(memory, RAM.kill) === 0;
  if (!due || !can || !isShared(memory)) return [];
  const guards = [IDENT.head, RAM.state, RAM.dying, RAM.kill].map((region) => guardSeen(memory, region));
  return [{ kind: 'write', label: KILL_LABEL, guards, writes: [bytesTo(RAM.kill, 1)] }];
};

/** Whether a kill is still owed. One whose outcome is unknown is let go: a death too few harms nobody. */
export const killIsDue = ({ outcomes, deaths }: Frame, before: boolean): boolean => {
  if (deaths.length > 0) return true;
  const settled = outcomes.some(
    ({ label, outcome }) => label === KILL_LABEL && (outcome === 'applied' || outcome === 'unknown'),
  );
  return before && !settled;
};
