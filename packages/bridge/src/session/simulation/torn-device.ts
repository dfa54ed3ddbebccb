import type { BatchResult, DeviceStatus, Step } from '../../device/contract.js';
import { between } from '../../testing/seeded-random.js';
import { type ArmedFault, type Job, type Machine, SimulatedDevice } from './simulated-device.js';

/** Bytes that this device moves in one piece. */
const WORD = 4;
/** A late datagram comes within this many frames; the session's first wait before reopening is longer. */
const LATE_FRAMES = 12;

interface Progress {
  step: number;
  /** Bytes of the current step that are done. */
  done: number;
  readonly reads: Uint8Array[];
  /** The step at which `fault` strikes. */
  readonly strike: number;
  fault: ArmedFault | undefined;
}

const sizeOf = (step: Step): number =>
  step.kind === 'read' ? step.size : step.kind === 'write' ? step.data.length : step.expect.length;

/**
 * A device without atomic batches: a few words per frame, the game running in between, guards read and compared by the
 * client. Reads tear, batches tear, and a cut link can leave half of one behind.
 */
export class TornDevice extends SimulatedDevice {
  #progress: Progress | undefined;

  constructor(machine: Machine, onStatus: (status: DeviceStatus) => void) {
    super(machine, [], onStatus);
  }

  serve(): void {
    for (let words = between(this.machine.random, 2, 12); words > 0; words--) {
      const [job] = this.jobs;
      if (!job) return;
      this.#progress ??= this.#begin(job);
      this.#advance(job, this.#progress);
    }
  }

  override cut(): void {
    this.#progress = undefined;
    super.cut();
  }

  #begin(job: Job): Progress {
    const writes = [...job.steps.keys()].filter((index) => job.steps[index]?.kind === 'write');
    const fault = this.machine.takeFault(({ atWrite, kind }) => {
      const needsWrite = atWrite || kind === 'carried out late' || kind === 'carried out twice';
      return !needsWrite || writes.length > 0;
    });
    const { random } = this.machine;
    const all = [...job.steps.keys()];
    const targets = fault && (fault.atWrite || fault.kind.startsWith('carried')) ? writes : all;
    return { step: 0, done: 0, reads: [], strike: targets[between(random, 0, targets.length - 1)] ?? 0, fault };
  }

  #advance(job: Job, progress: Progress): void {
    const { reads } = progress;
    const step = job.steps[progress.step];
    if (step) {
      if (step.kind === 'write' && progress.done === 0) this.machine.aboutToWrite();
      if (this.jobs[0] !== job) return;
      if (progress.fault && progress.step === progress.strike && this.#strike(progress, step)) return;
      const size = Math.min(WORD, sizeOf(step) - progress.done);
      if (!this.#word(step, progress, size)) {
        this.#answer(job, { ok: false, atomic: false, reads, failedGuard: progress.step });
        return;
      }
      progress.done += size;
      if (progress.done < sizeOf(step)) return;
      progress.step++;
      progress.done = 0;
    }
    if (progress.step >= job.steps.length) this.#answer(job, { ok: true, atomic: false, reads });
  }

  /** Carries out one word of a step; `false` when a guard does not hold. */
  #word(step: Step, { reads, done }: Progress, size: number): boolean {
    const { console } = this.machine;
    const at = { domain: step.at.domain, offset: step.at.offset + done };
    if (step.kind === 'guard') return console.holds({ ...step, at, expect: step.expect.subarray(done, done + size) });
    if (step.kind === 'write') console.write({ ...step, at, data: step.data.subarray(done, done + size) });
    else {
      const bytes = done === 0 ? new Uint8Array(step.size) : (reads.pop() ?? new Uint8Array(step.size));
      bytes.set(console.read({ ...at, size }), done);
      reads.push(bytes);
    }
    return true;
  }

  /** `true` when the link is gone. */
  #strike(progress: Progress, step: Step): boolean {
    const kind = progress.fault?.kind;
    progress.fault = undefined;
    const carryOut = (): void => {
      if (step.kind === 'write') this.machine.console.write(step);
    };
    if (kind === 'carried out late' || kind === 'carried out twice') {
      this.machine.later(between(this.machine.random, 1, LATE_FRAMES), carryOut);
    }
    if (kind === 'carried out twice') return false;
    if (kind === 'answer lost') carryOut();
    this.cut();
    return true;
  }

  #answer(job: Job, result: BatchResult): void {
    this.#progress = undefined;
    this.jobs.shift();
    job.resolve(result);
  }
}
