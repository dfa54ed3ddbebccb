import type { Brake, HoldCause, PlayedLook } from './brake-state.js';
import { type FloodLimits, fewOf, mostOf } from './flood-limits.js';

/** Whether save and room do not belong together. */
export const isForeign = ({ trusted }: Brake, { mark, ahead }: PlayedLook): HoldCause | undefined => {
  if (trusted) return undefined;
  if (mark === 'foreign') return 'foreign-save';
  return ahead ? 'save-ahead' : undefined;
};

/** Whether checks made while nobody watched fit what is known of this slot's game. */
const continues = (
  { known }: Brake,
  { mark, seen, received = 0 }: PlayedLook,
  fresh: number,
  limits: FloodLimits,
): boolean => {
  if (mark === 'own') return true;
  const shown = new Set(seen.filter((id) => known.has(id))).size;
  return shown >= known.size * limits.overlap && fresh <= limits.growth * (shown + received);
};

/** Why so many new locations in one look are not believed; `excused` when they are, however many. */
export const doubt = (
  brake: Brake,
  look: PlayedLook,
  fresh: number,
  limits: FloodLimits,
): HoldCause | 'excused' | undefined => {
  const { size } = look.room.locations;
  const few = fewOf(limits, size);
  const recent = brake.recent.reduce((sum, { count }) => sum + count, 0);
  if (fresh === 0) return undefined;
  if (brake.stage === 'first') {
    if (fresh + recent <= few) return undefined;
    return continues(brake, look, fresh, limits) ? 'excused' : 'unknown-save';
  }
  const proven = brake.stage === 'steady' || look.mark === 'own';
  if (fresh + recent > (proven ? mostOf(limits, size) : few)) return proven ? 'flood' : 'loaded';
  return look.goal && fresh > few ? 'goal' : undefined;
};
