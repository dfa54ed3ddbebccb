import { base64Length, type ConnectorRequest } from '@causeway/protocol/connector';
import { CausewayError } from '@causeway/protocol/errors';

/** What one line of requests may carry. */
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
      /** Where the bytes go: index into the plan's regions and offset in it. */
      readonly region: number;
      readonly at: number;
    };

interface Cost {
  readonly request: number;
  readonly answer: number;
}

/** JSON around the fields that vary, rounded up: `{"type":"GUARD","address":4294967295,"expected_data":"","domain":""},`. */
const REQUEST_OVERHEAD = 80;
/** The longest answer without data is a guard's, and a failed guard's is what every later item is answered with. */
const ANSWER_OVERHEAD = 64;
/** What the device itself puts in front: frame and ROM hash. */
const PREAMBLE: Cost = { request: 64, answer: 256 };

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

/** Items as lines: one wherever they fit, since a line runs within one frame. Throws `batch_too_large`. */
export const splitLines = (items: readonly PlannedItem[], limits: LineLimits): readonly (readonly PlannedItem[])[] => {
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
