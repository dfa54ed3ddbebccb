import { base64Length, type ConnectorRequest, encodeBase64 } from '@causeway/protocol/connector';
import { CausewayError } from '@causeway/protocol/errors';

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

export interface LineLimits {
  /** Longest request line and longest answer line, in bytes, by estimate from above. */
  readonly requestBytes: number;
  readonly answerBytes: number;
  /** Most bytes of memory one request names. */
  readonly itemBytes: number;
  /** Ask once for reads that touch or overlap. */
  readonly mergeReads: boolean;
}

/** One request of a line and what its answer is for. */
export type PlannedItem =
  | { readonly kind: 'guard' | 'write'; readonly step: number; readonly request: ConnectorRequest }
  | {
      readonly kind: 'read';
      /** First step that wants these bytes. */
      readonly step: number;
      readonly request: ConnectorRequest;
      readonly size: number;
      /** Where the bytes go: index into {@link BatchPlan.regions} and offset in it. */
      readonly region: number;
      readonly at: number;
    };

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

interface Cost {
  readonly request: number;
  readonly answer: number;
}

interface OpenRegion {
  readonly index: number;
  readonly domain: string;
  readonly offset: number;
  end: number;
  step: number;
}

/** JSON around the fields that vary, rounded up: `{"type":"GUARD","address":4294967295,"expected_data":"","domain":""},`. */
const REQUEST_OVERHEAD = 80;
/** The longest answer without data is a guard's, and a failed guard's is what every later item is answered with. */
const ANSWER_OVERHEAD = 64;
/** What the device itself puts in front: frame and ROM hash. */
const PREAMBLE: Cost = { request: 64, answer: 256 };

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

const costOf = (item: PlannedItem): Cost => {
  const { request } = item;
  const domain = 'domain' in request ? request.domain.length : 0;
  const data = request.type === 'GUARD' ? request.expected_data : request.type === 'WRITE' ? request.value : '';
  return {
    request: REQUEST_OVERHEAD + domain + data.length,
    answer: ANSWER_OVERHEAD + (item.kind === 'read' ? base64Length(item.size) : 0),
  };
};

const sum = (items: readonly PlannedItem[]): Cost =>
  items.reduce((total, item) => add(total, costOf(item)), { request: 0, answer: 0 });

const add = (a: Cost, b: Cost): Cost => ({ request: a.request + b.request, answer: a.answer + b.answer });

const fits = (cost: Cost, limits: LineLimits): boolean =>
  cost.request <= limits.requestBytes && cost.answer <= limits.answerBytes;

const splitLines = (items: readonly PlannedItem[], limits: LineLimits): readonly (readonly PlannedItem[])[] => {
  if (items.length === 0) return [];
  const total = add(PREAMBLE, sum(items));
  if (fits(total, limits)) return [items];
  if (items.some((item) => item.kind === 'guard') && items.some((item) => item.kind === 'write')) {
    throw tooLarge('Guarded writes must all happen in one frame, and these do not fit one', total, limits);
  }
  return packLines(items, limits);
};

/** Fills line after line; every line begins with the guards that stand before what is on it. */
const packLines = (items: readonly PlannedItem[], limits: LineLimits): PlannedItem[][] => {
  const guards: PlannedItem[] = [];
  const lines: PlannedItem[][] = [];
  let line: PlannedItem[] = [];
  let repeated = 0;
  let cost = PREAMBLE;
  for (const item of items) {
    const more = costOf(item);
    if (line.length > repeated && !fits(add(cost, more), limits)) {
      lines.push(line);
      line = [...guards];
      repeated = guards.length;
      cost = add(PREAMBLE, sum(guards));
    }
    line.push(item);
    cost = add(cost, more);
    if (!fits(cost, limits)) throw tooLarge('A step and the guards before it do not fit one line', cost, limits);
    if (item.kind === 'guard') guards.push(item);
  }
  lines.push(line);
  return lines;
};

const tooLarge = (why: string, cost: Cost, limits: LineLimits): CausewayError =>
  new CausewayError('batch_too_large', `${why}.`, {
    context: {
      requestBytes: cost.request,
      maxRequestBytes: limits.requestBytes,
      answerBytes: cost.answer,
      maxAnswerBytes: limits.answerBytes,
    },
  });
