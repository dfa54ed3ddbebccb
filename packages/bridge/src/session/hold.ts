import type { Brake, Hold, HoldCause } from './brake-state.js';

/** Whether it lasts: as long as the save does not fit, or what caused it is in sight. */
export const stillHolds = (hold: Hold, brake: Brake, foreign: HoldCause | undefined, settleMs: number): boolean => {
  if (hold.cause === 'foreign-save' || hold.cause === 'save-ahead') return foreign !== undefined;
  return brake.now - hold.coreSeenAt < settleMs;
};

/** Takes what is shown now into the hold; what is out of sight for a moment stays in it. */
export const renew = (hold: Hold, brake: Brake, fresh: readonly number[], goal: boolean): Hold => {
  const coreShown = fresh.filter((id) => hold.core.has(id)).length;
  if (coreShown * 2 < hold.core.size || (fresh.length === 0 && !goal)) return hold;
  const grown = fresh.length > hold.ids.length || (goal && !hold.goal);
  return { ...hold, ...(grown ? { ids: fresh, goal: goal || hold.goal } : {}), coreSeenAt: brake.now };
};

export const beginHold = (brake: Brake, cause: HoldCause, fresh: readonly number[], goal: boolean): Brake => ({
  ...brake,
  hold: { cause, ids: fresh, goal, core: new Set(fresh), coreSeenAt: brake.now },
});
