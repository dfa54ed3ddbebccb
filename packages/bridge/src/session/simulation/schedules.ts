import { type Schedule, simulate, type Violation } from './simulate.js';

/** A schedule that broke a promise, with what it takes to see it again. */
export interface Failure extends Violation {
  readonly seed: number;
  readonly replay: string;
}

/** Schedules a suite plays in all, unless `CAUSEWAY_SCHEDULES` says otherwise; shared among its models. */
export const scheduleCount = (usual: number, shares: number): number =>
  Math.ceil(Number(process.env['CAUSEWAY_SCHEDULES'] ?? usual) / shares);

/** `CAUSEWAY_SEED` alone, where given: the replay of one failure. */
const seedsOf = (count: number): readonly number[] => {
  const only = process.env['CAUSEWAY_SEED'];
  return only === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(only)];
};

const replayOf = ({ model, way, flood }: Omit<Schedule, 'seed'>, seed: number): string => {
  if (flood !== undefined) return `CAUSEWAY_SEED=${seed} npx vitest run simulation/floods -t '${flood}, ${model}'`;
  return `CAUSEWAY_SEED=${seed} npx vitest run ${way.suite} -t '${model}'`;
};

/** Plays `count` schedules that differ only in their seed. */
export const playSchedules = async (base: Omit<Schedule, 'seed'>, count: number): Promise<readonly Failure[]> => {
  const failures: Failure[] = [];
  for (const seed of seedsOf(count)) {
    const violation = await simulate({ ...base, seed });
    if (violation) failures.push({ ...violation, seed, replay: replayOf(base, seed) });
  }
  return failures;
};

/** The first of at most `count` schedules that breaks a promise. */
export const firstFailure = async (base: Omit<Schedule, 'seed'>, count: number): Promise<Violation | undefined> => {
  for (let seed = 1; seed <= count; seed++) {
    const violation = await simulate({ ...base, seed });
    if (violation) return violation;
  }
  return undefined;
};
