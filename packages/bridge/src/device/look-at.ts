import type { LookPhase } from './batch-phases.js';
import type { GuardStep, ReadStep, Region } from './contract.js';
import type { MemoryRead } from './memory-link.js';

const regionOf = (step: GuardStep | ReadStep): Region => ({
  domain: step.at.domain,
  offset: step.at.offset,
  size: step.kind === 'read' ? step.size : step.expect.length,
});

/** What to ask the link for one phase. */
interface Look {
  /** A place that is guarded several times is there once. */
  readonly regions: readonly Region[];
  /** For each step of the phase, which of the regions is its own. */
  readonly places: readonly number[];
  /** The first step that guards a place a second time: from there on a phase asks how things are after what stands before. */
  readonly again: number | undefined;
}

const lookOf = ({ steps }: LookPhase): Look => {
  const guarded = new Map<string, number>();
  const regions: Region[] = [];
  let again: number | undefined;
  const places = steps.map((step, index) => {
    const region = regionOf(step);
    if (step.kind === 'read') return regions.push(region) - 1;
    const key = `${region.domain} ${region.offset} ${region.size}`;
    const known = guarded.get(key);
    if (known !== undefined) again ??= index;
    const place = known ?? regions.push(region) - 1;
    guarded.set(key, place);
    return place;
  });
  return { regions, places, again };
};

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

interface Seen {
  /** Bytes of the reads, up to the guard that failed. */
  readonly reads: readonly Uint8Array[];
  /** Index of the first guard that did not hold. */
  readonly failed?: number;
}

/** Goes through steps of a phase in order, with the bytes of each. */
const judgeLook = (steps: LookPhase['steps'], bytesOf: (step: number) => Uint8Array): Seen => {
  const reads: Uint8Array[] = [];
  for (const [index, step] of steps.entries()) {
    const bytes = bytesOf(index);
    if (step.kind === 'read') reads.push(bytes);
    else if (!sameBytes(bytes, step.expect)) return { reads, failed: index };
  }
  return { reads };
};

const NO_BYTES = new Uint8Array(0);

/**
 * Looks at a phase: in one exchange where all of it is of one frame. Where it may not be, whatever stands behind a repeated guard
 * is looked at once more: that guard then vouches for what was read before it, and guards of writes are seen right before these.
 */
export const lookAt = async (
  phase: LookPhase,
  read: (regions: readonly Region[]) => Promise<MemoryRead>,
): Promise<Pick<MemoryRead, 'oneFrame' | 'frame'> & Seen> => {
  const { steps } = phase;
  const { regions, places, again } = lookOf(phase);
  const { bytes, oneFrame, frame } = await read(regions);
  const facts = frame === undefined ? { oneFrame } : { oneFrame, frame };
  const bytesOf = (step: number): Uint8Array => bytes[places[step] ?? -1] ?? NO_BYTES;
  if (oneFrame || again === undefined) return { ...facts, ...judgeLook(steps, bytesOf) };
  const before = judgeLook(steps.slice(0, again), bytesOf);
  if (before.failed !== undefined) return { ...facts, ...before };
  const rest = steps.slice(again);
  const second = await read(rest.map(regionOf));
  const { reads, failed } = judgeLook(rest, (step) => second.bytes[step] ?? NO_BYTES);
  const all = { ...facts, reads: [...before.reads, ...reads] };
  return failed === undefined ? all : { ...all, failed: again + failed };
};
