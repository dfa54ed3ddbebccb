import { type ConnectorRequest, encodeBase64 } from '@causeway/protocol/connector';
import { type LineLimits, type PlannedItem, splitLines } from './line-packing.js';

/**
 * From steps to lines of requests. Pure.
 *
 * One line runs within one emulated frame, so a batch is one line wherever it fits.
 */

/** A step whose domain is already the emulator's own name and whose range is known to be inside it. */
export type PeerStep =
  | { readonly kind: 'guard'; readonly domain: string; readonly offset: number; readonly expect: Uint8Array }
  | { readonly kind: 'read'; readonly domain: string; readonly offset: number; readonly size: number }
  | { readonly kind: 'write'; readonly domain: string; readonly offset: number; readonly data: Uint8Array };

/** The bytes of one read step: a slice of a region. */
export interface ReadSlice {
  readonly step: number;
  readonly region: number;
  readonly start: number;
  readonly size: number;
}

export interface BatchPlan {
  /** Lines in sending order; a guard stands on every line that depends on it. */
  readonly lines: readonly (readonly PlannedItem[])[];
  /** Sizes in bytes of the stretches of memory that are read. */
  readonly regions: readonly number[];
  /** One per read step, in step order. */
  readonly reads: readonly ReadSlice[];
}

interface OpenRegion {
  readonly index: number;
  readonly domain: string;
  readonly offset: number;
  end: number;
  step: number;
}

/** Lines of requests for `steps`. Throws `batch_too_large` for guarded writes that do not fit one line. */
export const planBatch = (steps: readonly PeerStep[], limits: LineLimits): BatchPlan => {
  const builder = new PlanBuilder(limits);
  for (const [index, step] of steps.entries()) builder.add(step, index);
  return builder.finish();
};

class PlanBuilder {
  readonly #limits: LineLimits;
  readonly #items: PlannedItem[] = [];
  readonly #regions: number[] = [];
  readonly #reads: ReadSlice[] = [];
  /** Read steps since the last guard or write: only these may be asked for together. */
  #run: { readonly step: number; readonly read: PeerRead }[] = [];

  constructor(limits: LineLimits) {
    this.#limits = limits;
  }

  add(step: PeerStep, index: number): void {
    if (step.kind === 'read') {
      this.#run.push({ step: index, read: step });
      return;
    }
    this.#flushReads();
    const bytes = step.kind === 'guard' ? step.expect : step.data;
    for (const [start, end] of chunks(bytes.length, this.#limits.itemBytes)) {
      const place = { address: step.offset + start, domain: step.domain };
      const data = encodeBase64(bytes.subarray(start, end));
      const request: ConnectorRequest =
        step.kind === 'guard'
          ? { type: 'GUARD', ...place, expected_data: data }
          : { type: 'WRITE', ...place, value: data };
      this.#items.push({ kind: step.kind, step: index, request });
    }
  }

  finish(): BatchPlan {
    this.#flushReads();
    return { lines: splitLines(this.#items, this.#limits), regions: this.#regions, reads: this.#reads };
  }

  #flushReads(): void {
    const regions = this.#openRegions();
    for (const region of regions) {
      this.#regions[region.index] = region.end - region.offset;
      this.#askFor(region);
    }
    this.#run = [];
  }

  /** Places every read of the run in a region; returns the regions in the order in which they are first wanted. */
  #openRegions(): OpenRegion[] {
    const regions: OpenRegion[] = [];
    const slices: ReadSlice[] = [];
    const byPlace = this.#limits.mergeReads ? [...this.#run].sort(comparePlaces) : this.#run;
    let last: OpenRegion | undefined;
    for (const { step, read } of byPlace) {
      const touches = last?.domain === read.domain && read.offset <= last.end;
      if (!last || !touches || !this.#limits.mergeReads) {
        last = { index: this.#regions.length + regions.length, domain: read.domain, offset: read.offset, end: 0, step };
        regions.push(last);
      }
      last.end = Math.max(last.end, read.offset + read.size);
      last.step = Math.min(last.step, step);
      slices.push({ step, region: last.index, start: read.offset - last.offset, size: read.size });
    }
    this.#reads.push(...slices.sort((a, b) => a.step - b.step));
    return regions.sort((a, b) => a.step - b.step);
  }

  #askFor({ index, domain, offset, end, step }: OpenRegion): void {
    for (const [start, stop] of chunks(end - offset, this.#limits.itemBytes)) {
      const size = stop - start;
      const request: ConnectorRequest = { type: 'READ', address: offset + start, size, domain };
      this.#items.push({ kind: 'read', step, request, size, region: index, at: start });
    }
  }
}

type PeerRead = Extract<PeerStep, { kind: 'read' }>;

const comparePlaces = (a: { read: PeerRead }, b: { read: PeerRead }): number =>
  a.read.domain === b.read.domain ? a.read.offset - b.read.offset : a.read.domain < b.read.domain ? -1 : 1;

/** Ranges of at most `most` bytes; an empty stretch is one empty range, because it still wants an answer. */
const chunks = (length: number, most: number): [start: number, end: number][] => {
  const ranges: [number, number][] = [];
  let start = 0;
  do {
    ranges.push([start, Math.min(start + most, length)]);
    start += most;
  } while (start < length);
  return ranges;
};
