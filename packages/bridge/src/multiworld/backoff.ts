import type { Random } from '../clock.js';

const STEPS_MS = [1_000, 2_000, 5_000, 10_000, 20_000, 30_000] as const;
const LONGEST_MS = 30_000;

/**
 * How long to wait before trying again: 1, 2, 5, 10, 20, 30 s and then always 30 s, each up to a fifth shorter or longer,
 * so that the players of a room that restarts do not come back all in the same instant.
 *
 * @param failures attempts that failed since the last good connection, from 1
 */
export const retryDelayMs = (failures: number, random: Random): number => {
  const step = STEPS_MS[Math.max(0, failures - 1)] ?? LONGEST_MS;
  return Math.round(step * (0.8 + 0.4 * random()));
};
