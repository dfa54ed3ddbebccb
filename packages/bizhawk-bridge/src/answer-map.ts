import { type ConnectorResponse, decodeBase64, type ResponseType } from '@causeway/protocol/connector';
import { CausewayError } from '@causeway/protocol/errors';
import type { BatchPlan, ReadSlice } from './batch-plan.js';
import type { PlannedItem } from './line-packing.js';

/**
 * From lines of answers back to steps. Pure but for the bytes it gathers.
 *
 * Nothing is taken on trust: the number of answers, the type of each and the size of each read must be what was asked.
 */

const EXPECTED: Readonly<Record<PlannedItem['kind'], ResponseType>> = {
  guard: 'GUARD_RESPONSE',
  read: 'READ_RESPONSE',
  write: 'WRITE_RESPONSE',
};

interface StepError {
  readonly step: number;
  readonly error: string;
}

/** Gathers the answers to one batch, line by line, in order. */
export class AnswerMap {
  readonly #plan: BatchPlan;
  readonly #regions: (Uint8Array | undefined)[];
  readonly #brokenRegions = new Set<number>();
  /** Guards and writes that were done, by step. */
  readonly #done = new Set<number>();
  #failedGuard: number | undefined;

  constructor(plan: BatchPlan) {
    this.#plan = plan;
    this.#regions = new Array<Uint8Array | undefined>(plan.regions.length);
  }

  /** Step of the guard that did not hold, once one did not: the lines after it must not be sent. */
  get failedGuard(): number | undefined {
    return this.#failedGuard;
  }

  /**
   * Takes the answers to one line.
   *
   * Throws `protocol_unexpected` or `protocol_malformed` when they do not belong to it, and `batch_step_failed` when the
   * emulator refused an item; what was done all the same is in the context.
   */
  takeLine(items: readonly PlannedItem[], answers: readonly ConnectorResponse[]): void {
    if (answers.length !== items.length) {
      throw unexpected(`The connector gave ${answers.length} answers to ${items.length} requests.`);
    }
    const errors: StepError[] = [];
    for (const [index, item] of items.entries()) {
      const answer = answers[index] as ConnectorResponse;
      if (this.#skipped(answer, errors)) continue;
      if (answer.type === 'ERROR') this.#fail(item, answer.err, errors);
      else this.#take(item, answer, index);
    }
    const [first] = errors;
    if (first) throw this.#stepFailed(first, errors);
  }

  /** The bytes of the read steps, or of those before the failed guard. */
  reads(): Uint8Array[] {
    const end = this.#failedGuard ?? Number.POSITIVE_INFINITY;
    return this.#plan.reads.filter(({ step }) => step < end).map((slice) => this.#slice(slice));
  }

  /** After a failed guard every answer is a copy of its answer; after a guard that erred, in strict mode, too. */
  #skipped(answer: ConnectorResponse, errors: readonly StepError[]): boolean {
    const copy = answer.type === 'GUARD_RESPONSE' && !answer.value;
    if (this.#failedGuard !== undefined && !copy) {
      throw unexpected(`The connector answered ${answer.type} after a guard that did not hold.`);
    }
    return copy && (this.#failedGuard !== undefined || errors.length > 0);
  }

  #take(item: PlannedItem, answer: ConnectorResponse, index: number): void {
    if (answer.type !== EXPECTED[item.kind]) {
      throw unexpected(`The connector answered ${item.request.type} (item ${index}) with ${answer.type}.`);
    }
    if (answer.type === 'GUARD_RESPONSE' && !answer.value) {
      this.#failedGuard = item.step;
      return;
    }
    if (item.kind === 'read' && answer.type === 'READ_RESPONSE') this.#store(item, answer.value);
    else this.#done.add(item.step);
  }

  #store(item: Extract<PlannedItem, { kind: 'read' }>, value: string): void {
    const bytes = decodeBase64(value);
    if (bytes.length !== item.size) {
      throw unexpected(`The connector gave ${bytes.length} bytes for a read of ${item.size}.`);
    }
    const total = this.#plan.regions[item.region] ?? 0;
    if (bytes.length === total) {
      this.#regions[item.region] = bytes;
      return;
    }
    const region = this.#regions[item.region] ?? new Uint8Array(total);
    region.set(bytes, item.at);
    this.#regions[item.region] = region;
  }

  #fail(item: PlannedItem, error: string, errors: StepError[]): void {
    errors.push({ step: item.step, error });
    if (item.kind === 'read') this.#brokenRegions.add(item.region);
  }

  #stepFailed(first: StepError, errors: readonly StepError[]): CausewayError {
    const failed = new Set(errors.map(({ step }) => step));
    const done = [...this.#done].filter((step) => !failed.has(step));
    const read = this.#plan.reads.filter((slice) => this.#complete(slice)).map(({ step }) => step);
    return new CausewayError('batch_step_failed', `The emulator refused step ${first.step}: ${first.error}`, {
      context: { ...first, executed: [...done, ...read].sort((a, b) => a - b) },
    });
  }

  #complete({ region }: ReadSlice): boolean {
    return this.#regions[region] !== undefined && !this.#brokenRegions.has(region);
  }

  #slice({ region, start, size }: ReadSlice): Uint8Array {
    const bytes = this.#regions[region];
    if (!bytes) throw unexpected('The connector left a read without an answer.');
    // A region shared by several steps is copied, so that no caller's bytes change under another's hands.
    return bytes.length === size ? bytes : bytes.slice(start, start + size);
  }
}

const unexpected = (message: string): CausewayError => new CausewayError('protocol_unexpected', message);
