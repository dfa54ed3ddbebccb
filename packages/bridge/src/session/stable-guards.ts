import type { Guard } from '../game/contract.js';

/** Positions that turned out not to identify anything: they changed while the game stayed the same. */
export type VolatileBytes = ReadonlySet<string>;

const position = ({ at }: Guard, index: number): string => `${at.domain} ${at.offset + index}`;

/** Adds the positions at which two recognitions of one game differ. */
export const learnVolatile = (
  known: VolatileBytes,
  before: readonly Guard[],
  after: readonly Guard[],
): VolatileBytes => {
  const learned = new Set(known);
  after.forEach((guard, which) => {
    const old = before[which]?.expect;
    guard.expect.forEach((byte, index) => {
      if (old?.[index] !== byte) learned.add(position(guard, index));
    });
  });
  return learned;
};

const cutGuard = (guard: Guard, volatile: VolatileBytes): readonly Guard[] => {
  const parts: Guard[] = [];
  let start: number | undefined;
  for (let index = 0; index <= guard.expect.length; index++) {
    const stays = index < guard.expect.length && !volatile.has(position(guard, index));
    if (stays) start ??= index;
    else if (start !== undefined) {
      const { domain, offset } = guard.at;
      parts.push({ at: { domain, offset: offset + start }, expect: guard.expect.subarray(start, index) });
      start = undefined;
    }
  }
  return parts;
};

/** The guards without their volatile bytes. */
export const stableGuards = (guards: readonly Guard[], volatile: VolatileBytes): readonly Guard[] =>
  volatile.size === 0 ? guards : guards.flatMap((guard) => cutGuard(guard, volatile));
