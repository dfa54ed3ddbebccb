import type { Clock } from '@causeway/bridge';
import { errorCode } from '../linux/proc-tree.js';
import { beginningOf } from './processes.js';

/** How often is looked whether it has ended: nobody tells us. */
const LOOK_EVERY_MS = 20;

/** A process that is no child of ours: the Dolphin that a wrapper started. A later one of the same number is never taken for it. */
export class OtherProcess {
  readonly pid: number;
  /** When it began, as its system counts; `undefined` when it has ended already. */
  readonly #beginning: string | undefined;
  /** Whether this system tells such things. */
  readonly #told: boolean;

  private constructor(pid: number, beginning: string | undefined, told: boolean) {
    this.pid = pid;
    this.#beginning = beginning;
    this.#told = told;
  }

  static async of(pid: number): Promise<OtherProcess> {
    return new OtherProcess(pid, await beginningOf(pid), (await beginningOf(process.pid)) !== undefined);
  }

  /** `false` as soon as it has ended, also while its parent has not taken note. */
  async runs(): Promise<boolean> {
    if (this.#told) return this.#beginning !== undefined && (await beginningOf(this.pid)) === this.#beginning;
    try {
      process.kill(this.pid, 0);
      return true;
    } catch (error) {
      return errorCode(error) === 'EPERM';
    }
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    if (!(await this.runs())) return;
    try {
      process.kill(this.pid, signal);
    } catch {
      // It has ended meanwhile, or is not ours to end.
    }
  }

  /** Waits for its end, for `limitMs` at the longest: some cannot be ended by us. */
  async ended(clock: Clock, limitMs: number): Promise<void> {
    const limit = clock.now() + limitMs;
    while ((await this.runs()) && clock.now() < limit) await clock.sleep(LOOK_EVERY_MS);
  }
}
