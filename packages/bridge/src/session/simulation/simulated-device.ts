import { CausewayError } from '@causeway/protocol/errors';
import type { Random } from '../../clock.js';
import type {
  BatchResult,
  CallOptions,
  Capability,
  CloseInfo,
  Device,
  DeviceInfo,
  DeviceStatus,
  RomIdentity,
  Step,
} from '../../device/contract.js';
import { between } from '../../testing/seeded-random.js';
import { RAM_SIZE, WRAM_SIZE } from './memory-map.js';
import type { SimulatedConsole } from './simulated-console.js';

/** What can become of a request on its way. All but `twice` cut the link. */
export type LinkFault = 'request lost' | 'answer lost' | 'carried out late' | 'carried out twice';

/** A fault waiting for its victim. */
export interface ArmedFault {
  readonly kind: LinkFault;
  /** Waits for a batch that writes, and strikes at a write. */
  readonly atWrite: boolean;
}

/** The machine behind the link. */
export interface Machine {
  readonly console: SimulatedConsole;
  readonly random: Random;
  /** Takes the armed fault if it fits. */
  takeFault(fits: (fault: ArmedFault) => boolean): ArmedFault | undefined;
  /** Called before a write lands: the worst moment for a fault is between its guards and it. */
  aboutToWrite(): void;
  /** Carries something out in a later frame, whoever is connected then. */
  later(frames: number, act: () => void): void;
}

/** A batch on its way. */
export interface Job {
  readonly steps: readonly Step[];
  readonly resolve: (result: BatchResult) => void;
  readonly reject: (error: unknown) => void;
}

const unknownOutcome = (): CausewayError =>
  new CausewayError('batch_outcome_unknown', 'The link was cut before the answer came.');

export const simulatedRom = ({ cartridge }: SimulatedConsole): RomIdentity => ({
  system: 'SIM',
  hash: cartridge.slot,
  title: `Simulated ${cartridge.slot}`,
});

export const simulatedInfo = (console: SimulatedConsole, capabilities: readonly Capability[]): DeviceInfo => ({
  driver: 'simulated',
  uri: 'simulated://console',
  system: 'SIM',
  rom: simulatedRom(console),
  domains: [
    { name: 'RAM', size: RAM_SIZE },
    { name: 'WRAM', size: WRAM_SIZE },
    { name: 'ROM', size: 8 },
  ],
  capabilities: new Set(capabilities),
  peer: 'simulation',
});

/** What both kinds of device share: a queue, a link that can be cut, an end. */
export abstract class SimulatedDevice implements Device {
  readonly info: DeviceInfo;
  readonly closed: Promise<CloseInfo>;
  protected readonly machine: Machine;
  protected readonly jobs: Job[] = [];
  #settleClosed: (info: CloseInfo) => void = () => {};
  #status: DeviceStatus = 'running';
  readonly #onStatus: (status: DeviceStatus) => void;

  constructor(machine: Machine, capabilities: readonly Capability[], onStatus: (status: DeviceStatus) => void) {
    this.machine = machine;
    this.#onStatus = onStatus;
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    this.info = simulatedInfo(machine.console, capabilities);
  }

  get status(): DeviceStatus {
    return this.#status;
  }

  /** Batches nobody has answered: none may be left in the end. */
  get unanswered(): number {
    return this.jobs.length;
  }

  /** Serves the link for one frame. */
  abstract serve(): void;

  run(steps: readonly Step[], { signal }: CallOptions = {}): Promise<BatchResult> {
    if (this.#status === 'closed') return Promise.reject(new CausewayError('device_closed', 'The device is closed.'));
    return new Promise((resolve, reject) => {
      const abort = (): void => this.cut();
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          signal?.removeEventListener('abort', abort);
          settle(value);
        };
      this.jobs.push({ steps, resolve: settled(resolve), reject: settled(reject) });
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  rom(): Promise<RomIdentity> {
    if (this.#status === 'closed') return Promise.reject(new CausewayError('device_closed', 'The device is closed.'));
    return Promise.resolve(simulatedRom(this.machine.console));
  }

  setPaused(paused: boolean): void {
    if (this.#status === 'closed') return;
    this.#status = paused ? 'paused' : 'running';
    this.#onStatus(this.#status);
  }

  /** The link ends; whatever was sent stays unanswered. */
  cut(): void {
    this.#end({ reason: 'lost', error: new CausewayError('device_lost', 'The link was cut.') });
  }

  close(): Promise<void> {
    this.#end({ reason: 'closed' });
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #end(info: CloseInfo): void {
    if (this.#status === 'closed') return;
    this.#status = 'closed';
    for (const job of this.jobs.splice(0)) job.reject(unknownOutcome());
    this.#settleClosed(info);
  }
}

const writes = ({ steps }: Job): boolean => steps.some(({ kind }) => kind === 'write');

/** Everything of a batch in one frame, as BizHawk's connector does it. */
export class AtomicDevice extends SimulatedDevice {
  constructor(machine: Machine, onStatus: (status: DeviceStatus) => void) {
    super(machine, ['atomicBatch', 'framePaced', 'frameCounter'], onStatus);
  }

  serve(): void {
    const [job] = this.jobs;
    if (!job) return;
    if (writes(job)) this.machine.aboutToWrite();
    if (this.jobs[0] !== job) return;
    const fault = this.machine.takeFault(({ atWrite }) => !atWrite || writes(job));
    const { random } = this.machine;
    const again = (): void => {
      this.#carryOut(job.steps);
    };
    if (fault?.kind === 'carried out late' || fault?.kind === 'carried out twice') {
      this.machine.later(between(random, 1, 40), again);
    }
    if (fault?.kind === 'answer lost') again();
    if (fault && fault.kind !== 'carried out twice') {
      this.cut();
      return;
    }
    this.jobs.shift();
    job.resolve(this.#carryOut(job.steps));
  }

  #carryOut(steps: readonly Step[]): BatchResult {
    const { console } = this.machine;
    const reads: Uint8Array[] = [];
    const facts = { atomic: true, frame: console.frame, reads };
    for (const [index, step] of steps.entries()) {
      if (step.kind === 'read') reads.push(console.read({ ...step.at, size: step.size }));
      else if (step.kind === 'write') console.write(step);
      else if (!console.holds(step)) return { ...facts, ok: false, failedGuard: index };
    }
    return { ...facts, ok: true };
  }
}
