import { CausewayError } from '@causeway/protocol/errors';
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
import type { VirtualClock } from '../../testing/virtual-clock.js';

export interface FakeDeviceOptions {
  readonly clock: VirtualClock;
  readonly memory: Record<string, Uint8Array>;
  readonly capabilities?: readonly Capability[];
  /** How long a batch takes, milliseconds. */
  readonly answerMs?: number;
  readonly rom?: RomIdentity;
  /** Called before a batch is carried out; what it throws is the answer, what it returns replaces it. */
  readonly intercept?: (steps: readonly Step[]) => BatchResult | undefined;
}

/** A device of plain arrays that answers after a while and keeps every batch it was given. */
export class FakeDevice implements Device {
  readonly info: DeviceInfo;
  readonly closed: Promise<CloseInfo>;
  readonly batches: (readonly Step[])[] = [];
  readonly shown: string[] = [];
  status: DeviceStatus = 'running';
  rom_: RomIdentity;
  /** Swallows batches: they are never answered, not even when aborted. */
  deaf = false;
  readonly #options: FakeDeviceOptions;
  readonly #waiting = new Set<(error: unknown) => void>();
  #settle: (info: CloseInfo) => void = () => {};
  #frame = 0;

  constructor(options: FakeDeviceOptions) {
    this.#options = options;
    this.rom_ = options.rom ?? { system: 'SIM', hash: 'hash', title: 'Fake' };
    this.closed = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.info = {
      driver: 'fake',
      uri: 'fake://1',
      system: 'SIM',
      rom: this.rom_,
      domains: Object.entries(options.memory).map(([name, { length }]) => ({ name, size: length })),
      capabilities: new Set(options.capabilities ?? ['atomicBatch', 'framePaced', 'frameCounter']),
      peer: 'test',
    };
  }

  run(steps: readonly Step[], _call?: CallOptions): Promise<BatchResult> {
    if (this.status === 'closed') return Promise.reject(new CausewayError('device_closed', 'closed'));
    this.batches.push(steps);
    if (this.deaf) return new Promise(() => {});
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      this.#options.clock.after(this.#options.answerMs ?? 16, () => {
        if (!this.#waiting.delete(reject)) return;
        try {
          resolve(this.#options.intercept?.(steps) ?? this.#carryOut(steps));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  rom(): Promise<RomIdentity> {
    return Promise.resolve(this.rom_);
  }

  showMessage(text: string): Promise<void> {
    this.shown.push(text);
    return Promise.resolve();
  }

  /** The link ends: what is under way is never answered. */
  lose(): void {
    this.status = 'closed';
    for (const reject of this.#waiting) reject(new CausewayError('batch_outcome_unknown', 'The link was cut.'));
    this.#waiting.clear();
    this.#settle({ reason: 'lost' });
  }

  close(): Promise<void> {
    if (this.deaf) return new Promise(() => {});
    this.status = 'closed';
    this.#settle({ reason: 'closed' });
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #carryOut(steps: readonly Step[]): BatchResult {
    const reads: Uint8Array[] = [];
    this.#frame++;
    const counted = this.info.capabilities.has('frameCounter') ? { frame: this.#frame } : {};
    const facts = { atomic: true, ...counted, reads };
    for (const [index, step] of steps.entries()) {
      const memory = this.#options.memory[step.at.domain] ?? new Uint8Array();
      const { offset } = step.at;
      if (step.kind === 'read') reads.push(memory.slice(offset, offset + step.size));
      else if (step.kind === 'write') memory.set(step.data, offset);
      else if (step.expect.some((byte, at) => byte !== memory[offset + at])) {
        return { ...facts, ok: false, failedGuard: index };
      }
    }
    return { ...facts, ok: true };
  }
}
