import { CausewayError, isDeviceGone } from '@causeway/protocol/errors';
import type { Clock } from '../clock.js';
import { type Logger, silentLogger } from '../logger.js';
import { phasesOf } from './batch-phases.js';
import { checkSteps } from './check-steps.js';
import type {
  BatchResult,
  CallOptions,
  CloseInfo,
  Device,
  DeviceInfo,
  DeviceStatus,
  DomainInfo,
  MessageAbility,
  PauseAbility,
  Region,
  RomIdentity,
  Step,
} from './contract.js';
import { lookAt } from './look-at.js';
import type { MemoryLink, MemoryRead } from './memory-link.js';
import { TurnQueue } from './turn-queue.js';

/** Times in milliseconds. */
export interface LinkedDeviceTimes {
  /** How long an answer may take before the emulator counts as paused. */
  readonly pausedAfterMs: number;
  /** How long an answer may be overdue before the link is given up. */
  readonly answerMs: number;
  /** How long closing waits for what is under way. */
  readonly closeGraceMs: number;
}

/** A console that is busy loading answers late and is not gone: half a minute is what players' reports ask for. */
const TIMES: LinkedDeviceTimes = { pausedAfterMs: 1000, answerMs: 30_000, closeGraceMs: 1000 };

export interface LinkedDeviceOptions {
  readonly info: DeviceInfo;
  readonly link: MemoryLink;
  readonly clock: Clock;
  readonly logger?: Logger;
  /** Called on every change of {@link Device.status}. Must not throw. */
  readonly onStatus?: ((status: DeviceStatus) => void) | undefined;
  readonly times?: Partial<LinkedDeviceTimes>;
}

/** One call of ours, from its turn to its end. */
interface Job {
  readonly signal: AbortSignal | undefined;
  readonly deadline: number | undefined;
  /** Whether a write may have reached the console. */
  wrote: boolean;
  /** Resolves when the link has let go of its last call. */
  underWay: Promise<void>;
}

/** Makes a device of a link. Guards are compared here, right before the writes: not atomic with the game, and it says so. */
export const createLinkedDevice = (options: LinkedDeviceOptions): Device => new LinkedDevice(options);

class LinkedDevice implements Device, MessageAbility, PauseAbility {
  readonly info: DeviceInfo;
  readonly closed: Promise<CloseInfo>;
  readonly #link: MemoryLink;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #onStatus: ((status: DeviceStatus) => void) | undefined;
  readonly #times: LinkedDeviceTimes;
  readonly #domains: ReadonlyMap<string, DomainInfo>;
  readonly #queue: TurnQueue;
  #status: DeviceStatus = 'running';
  #end: CloseInfo | undefined;
  #closing: Promise<void> | undefined;
  #failCall: ((cause: unknown) => void) | undefined;
  #resolveClosed: (info: CloseInfo) => void = () => {};

  constructor({ info, link, clock, logger = silentLogger, onStatus, times }: LinkedDeviceOptions) {
    this.info = info;
    this.#link = link;
    this.#clock = clock;
    this.#logger = logger;
    this.#onStatus = onStatus;
    this.#times = { ...TIMES, ...times };
    this.#domains = new Map(info.domains.map((domain) => [domain.name, domain]));
    this.#queue = new TurnQueue(clock);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    void link.lost.then((end) => this.#finish(end));
  }

  get status(): DeviceStatus {
    return this.#status;
  }

  async run(batch: readonly Step[], call: CallOptions = {}): Promise<BatchResult> {
    checkSteps(batch, this.#domains);
    return this.#inTurn(call, (job) => this.#carryOut(batch, job));
  }

  rom(call: CallOptions = {}): Promise<RomIdentity> {
    return this.#ask(call, (signal) => this.#link.rom(signal));
  }

  async showMessage(text: string, call: CallOptions = {}): Promise<void> {
    const { showMessage } = this.#link;
    if (!showMessage) throw new CausewayError('device_unsupported', 'This emulator shows no messages of others.');
    await this.#ask(call, (signal) => showMessage.call(this.#link, text, signal));
  }

  async setPaused(paused: boolean, call: CallOptions = {}): Promise<void> {
    const { pause } = this.#link;
    if (!pause) throw new CausewayError('device_unsupported', 'This emulator cannot be paused by others.');
    await this.#ask(call, (signal) => pause.call(this.#link, paused, signal));
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeInOrder();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #closeInOrder(): Promise<void> {
    this.#queue.refuse(closedError());
    if (!this.#end) await this.#queue.idle(this.#times.closeGraceMs);
    this.#finish({ reason: 'closed' });
    await this.#link.close();
  }

  async #inTurn<T>({ signal, timeoutMs }: CallOptions, work: (job: Job) => Promise<T>): Promise<T> {
    const deadline = timeoutMs === undefined ? undefined : this.#clock.now() + timeoutMs;
    const job: Job = { signal, deadline, wrote: false, underWay: Promise.resolve() };
    await this.#queue.turn(job);
    try {
      return await work(job);
    } finally {
      // The link gets no further call before it has let go of the last one, even when our caller has left already.
      void job.underWay.then(() => this.#queue.next());
    }
  }

  /** For questions without effect: what went wrong is told as it is. */
  async #ask<T>(call: CallOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await this.#inTurn(call, (job) => this.#call(job, work));
    } catch (error) {
      throw CausewayError.is(error) && error.code === 'batch_outcome_unknown' ? (error.cause ?? error) : error;
    }
  }

  async #carryOut(batch: readonly Step[], job: Job): Promise<BatchResult> {
    const reads: Uint8Array[] = [];
    const phases = phasesOf(batch);
    let atomic = phases.length <= 1 && batch[0]?.kind !== 'write';
    let frame: { readonly frame?: number } = {};
    for (const phase of phases) {
      if (phase.kind === 'write') {
        await this.#call(job, (signal) => {
          job.wrote = true;
          return this.#link.write(phase.steps, signal);
        });
        continue;
      }
      const seen = await lookAt(phase, (regions) => this.#read(job, regions));
      if (phase === phases[0] && seen.frame !== undefined) frame = { frame: seen.frame };
      atomic &&= seen.oneFrame;
      for (const bytes of seen.reads) reads.push(bytes);
      if (seen.failed !== undefined)
        return { ok: false, failedGuard: phase.first + seen.failed, atomic, reads, ...frame };
    }
    return { ok: true, atomic, reads, ...frame };
  }

  async #read(job: Job, regions: readonly Region[]): Promise<MemoryRead> {
    const read = await this.#call(job, (signal) => this.#link.read(regions, signal));
    this.#setStatus(read.paused ? 'paused' : 'running');
    return read;
  }

  /** One call of the link: under the caller's signal and deadline, and under ours. */
  #call<T>(job: Job, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#end) return Promise.reject(this.#end.error ? unknownOutcome(this.#end.error) : closedError());
    const { signal, deadline } = job;
    if (signal?.aborted) return Promise.reject(this.#leave(job, 'closed', signal.reason));
    const controller = new AbortController();
    return new Promise((resolve, reject) => {
      let over = false;
      const settle = (finish: () => void): void => {
        if (over) return;
        over = true;
        for (const cancel of timers) cancel();
        signal?.removeEventListener('abort', onAbort);
        this.#failCall = undefined;
        finish();
      };
      const giveUp = (why: () => unknown): void =>
        settle(() => {
          const error = why();
          reject(error);
          controller.abort(error);
        });
      const onAbort = (): void => giveUp(() => this.#leave(job, 'closed', signal?.reason));
      // Runs until the link has let go, even when our caller has left: others wait for their turn.
      const stopWaiting = this.#clock.after(this.#times.answerMs, () =>
        this.#finish({ reason: 'timeout', error: this.#overdue() }),
      );
      const timers = [
        this.#clock.after(this.#times.pausedAfterMs, () => this.#setStatus('paused')),
        this.#at(deadline, () => giveUp(() => this.#leave(job, 'timeout', this.#overdue()))),
      ];
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#failCall = (cause) => giveUp(() => unknownOutcome(cause));
      const running = work(controller.signal);
      job.underWay = running.then(stopWaiting, stopWaiting);
      running.then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(this.#refused(error))),
      );
    });
  }

  /** The caller waits no longer. Where nothing was written the device lives on: its link knows late answers from others. */
  #leave(job: Job, reason: CloseInfo['reason'], cause: unknown): unknown {
    if (!job.wrote) return cause;
    const error = unknownOutcome(cause);
    this.#finish({ reason, error });
    return error;
  }

  /** A refused step is the caller's business; anything else ends the device. */
  #refused(caught: unknown): CausewayError {
    const error = CausewayError.from(caught);
    const ends: boolean = error.code === 'unexpected' || isDeviceGone(error);
    if (!ends) return error;
    this.#finish({ reason: reasonOf(error), error });
    return unknownOutcome(error);
  }

  /** Ends everything now: what is under way fails, callers that wait get `device_closed`. */
  #finish(end: CloseInfo): void {
    if (this.#end) return;
    this.#end = end;
    this.#queue.refuse(closedError());
    this.#setStatus('closed');
    this.#logger.debug('device.closed', { uri: this.info.uri, reason: end.reason });
    this.#resolveClosed(end);
    this.#failCall?.(end.error ?? closedError());
    // What it holds is freed now; whoever closes us waits for the same.
    this.#link.close().catch((error: unknown) => {
      this.#logger.warn('device.close-failed', { uri: this.info.uri, error: CausewayError.from(error).message });
    });
  }

  #setStatus(status: DeviceStatus): void {
    if (this.#status === status || this.#status === 'closed') return;
    this.#status = status;
    this.#onStatus?.(status);
  }

  #at(moment: number | undefined, callback: () => void): () => void {
    return moment === undefined ? nothing : this.#clock.after(Math.max(0, moment - this.#clock.now()), callback);
  }

  #overdue(): CausewayError {
    const { uri } = this.info;
    return new CausewayError('device_timeout', `The emulator at ${uri} did not answer in time.`, { context: { uri } });
  }
}

const nothing = (): void => {};

const reasonOf = ({ code }: CausewayError): CloseInfo['reason'] => (code.startsWith('protocol_') ? 'protocol' : 'lost');

const closedError = (): CausewayError => new CausewayError('device_closed', 'The device is closed.');

const unknownOutcome = (cause: unknown): CausewayError =>
  new CausewayError('batch_outcome_unknown', 'The emulator was asked, but its answer did not come.', { cause });
