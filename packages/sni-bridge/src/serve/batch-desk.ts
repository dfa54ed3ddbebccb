import { type Logger, silentLogger } from '@causeway/bridge';
import type { Step } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { type DeviceSource, openDevice } from './device-source.js';

/** Bytes that go into one batch: what every driver can do in a frame or two. */
export const MAX_BATCH_BYTES = 16 * 1024;
const MAX_BATCH_STEPS = 512;

/** What one client wants carried out together. */
interface Job {
  readonly steps: readonly Step[];
  readonly bytes: number;
  readonly resolve: (reads: readonly Uint8Array[]) => void;
  readonly reject: (error: CausewayError) => void;
}

/** One client's place at the desk: its jobs are carried out in order. */
export interface Seat {
  /** Settles with the bytes of the read steps. Rejects with a coded error. */
  run(steps: readonly Step[]): Promise<readonly Uint8Array[]>;
  /** Drops what has not begun; nothing more is heard of it. */
  leave(): void;
}

interface Queue {
  readonly jobs: Job[];
  readonly isBlocked: () => boolean;
}

export interface DeskOptions {
  readonly source: DeviceSource;
  readonly logger?: Logger;
}

/** Faults found before anything was sent: whoever is not to blame may try again. */
const FOUND_BEFORE = new Set([
  'address_out_of_range',
  'address_unmapped',
  'domain_unknown',
  'domain_read_only',
  'batch_too_large',
]);

const bytesOf = (step: Step): number =>
  step.kind === 'read' ? step.size : (step.kind === 'write' ? step.data : step.expect).length;

/** Cuts what one client wants into jobs that fit into a batch each; what fits into one stays together. */
export const jobsOf = (steps: readonly Step[]): readonly (readonly Step[])[] => {
  const jobs: Step[][] = [];
  let bytes = 0;
  for (const step of steps) {
    const last = jobs.at(-1);
    if (last && last.length < MAX_BATCH_STEPS && bytes + bytesOf(step) <= MAX_BATCH_BYTES) last.push(step);
    else {
      jobs.push([step]);
      bytes = 0;
    }
    bytes += bytesOf(step);
  }
  return jobs;
};

const writes = ({ steps }: Job): boolean => steps.some(({ kind }) => kind === 'write');

/**
 * Shares one console among clients: at most one batch is on its way, and it takes what is waiting, one job of each client in
 * turn, so that nobody waits longer because another asks much.
 */
export class BatchDesk {
  readonly #source: DeviceSource;
  readonly #logger: Logger;
  readonly #queues: Queue[] = [];
  #scheduled = false;

  constructor({ source, logger = silentLogger }: DeskOptions) {
    this.#source = source;
    this.#logger = logger;
  }

  /** @param isBlocked while true nothing new is begun for this client: it does not take its answers */
  seat(isBlocked: () => boolean): Seat {
    const queue: Queue = { jobs: [], isBlocked };
    this.#queues.push(queue);
    return {
      run: (steps) =>
        new Promise((resolve, reject) => {
          const bytes = steps.reduce((sum, step) => sum + bytesOf(step), 0);
          queue.jobs.push({ steps, bytes, resolve, reject });
          this.wake();
        }),
      leave: () => {
        const place = this.#queues.indexOf(queue);
        if (place !== -1) this.#queues.splice(place, 1);
        queue.jobs.length = 0;
      },
    };
  }

  /** Looks again whether there is something to do. */
  wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // Requests that came in one piece of the stream are all here before the batch is made up.
    setImmediate(() => void this.#work());
  }

  async #work(): Promise<void> {
    for (;;) {
      const jobs = this.#gather();
      if (jobs.length === 0) break;
      await this.#carryOut(jobs);
    }
    this.#scheduled = false;
  }

  /** One job of each client, again and again, until the batch is full. */
  #gather(): readonly Job[] {
    const gathered: Job[] = [];
    let bytes = 0;
    let steps = 0;
    let open = this.#queues.filter((queue) => !queue.isBlocked());
    while (open.length > 0) {
      open = open.filter((queue) => {
        const [job] = queue.jobs;
        if (!job) return false;
        const fits = bytes + job.bytes <= MAX_BATCH_BYTES && steps + job.steps.length <= MAX_BATCH_STEPS;
        if (gathered.length > 0 && !fits) return false;
        queue.jobs.shift();
        gathered.push(job);
        bytes += job.bytes;
        steps += job.steps.length;
        return true;
      });
    }
    const [first] = this.#queues;
    // Whoever was first is last next time.
    if (first) this.#queues.push(...this.#queues.splice(0, 1));
    return gathered;
  }

  async #carryOut(jobs: readonly Job[]): Promise<void> {
    const device = openDevice(this.#source);
    if (!device) {
      const error = new CausewayError('device_lost', 'No console is connected.');
      for (const job of jobs) job.reject(error);
      return;
    }
    try {
      const { reads } = await device.run(jobs.flatMap(({ steps }) => steps));
      let next = 0;
      for (const job of jobs) {
        const count = job.steps.filter(({ kind }) => kind === 'read').length;
        job.resolve(reads.slice(next, next + count));
        next += count;
      }
    } catch (caught) {
      await this.#failed(jobs, CausewayError.from(caught));
    }
  }

  /** One client's fault is not the others': what can safely be asked again is asked alone. */
  async #failed(jobs: readonly Job[], error: CausewayError): Promise<void> {
    this.#logger.debug('serve.batch-failed', { code: error.code, jobs: jobs.length });
    const before = FOUND_BEFORE.has(error.code);
    const separable = jobs.length > 1 && (before || error.code === 'batch_step_failed');
    for (const job of jobs) {
      if (separable && (before || !writes(job))) await this.#carryOut([job]);
      else job.reject(error);
    }
  }
}
