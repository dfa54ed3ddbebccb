import { spawnSync } from 'node:child_process';
import { benchPath } from './child.js';
import { median } from './statistics.js';

export interface MemoryEnginePoll {
  /** Guest addresses and sizes of what is read. */
  readonly places: readonly (readonly [address: number, size: number])[];
  readonly runs: number;
  readonly calls: number;
  /** Bytes by which it is seen that the right game is read: guest address and hexadecimal. */
  readonly proof: readonly [address: number, hex: string];
}

/** Longer than it takes; where it hangs, the rest is still worth measuring. */
const PATIENCE_MS = 60_000;
const REASONS: Readonly<Record<number, string>> = {
  3: 'python3 has no such module (pip install dolphin-memory-engine)',
  4: 'it does not reach the game',
};

/** What it takes for Dolphin: the program without windows, cut as the kernel cuts it. */
const PROCESS_NAME = 'dolphin-emu-nog';

/** The same poll by dolphin-memory-engine in Python, in microseconds. `undefined` where it cannot be had, which is said on stderr. */
export const pollByMemoryEngine = (
  poll: MemoryEnginePoll,
): { readonly name: string; readonly value: number } | undefined => {
  const ran = spawnSync('python3', [benchPath('processes/memory-engine-poll.py'), JSON.stringify(poll)], {
    encoding: 'utf8',
    env: { ...process.env, DME_DOLPHIN_PROCESS_NAME: PROCESS_NAME },
    timeout: PATIENCE_MS,
  });
  if (ran.status === 0) {
    const { version, times } = JSON.parse(ran.stdout) as { version: string; times: readonly number[] };
    return { name: `${poll.places.length} reads by dolphin-memory-engine ${version}`, value: median(times) };
  }
  const reason = ran.error?.message ?? REASONS[ran.status ?? 0] ?? ran.stderr.trim();
  process.stderr.write(`skipped: dolphin-memory-engine, because ${reason}\n`);
  return undefined;
};
