import type { Clock, Logger } from '@causeway/bridge';
import type { CallOptions, CloseInfo, DeviceStatus } from '@causeway/bridge/device';
import type { ConnectorRequest, ConnectorResponse } from '@causeway/protocol/connector';
import { CausewayError } from '@causeway/protocol/errors';
import type { Link } from './link.js';

/** Times in milliseconds. */
export interface ChannelTimes {
  /** How long an answer may be overdue before the link is given up. */
  readonly answerMs: number;
  /** How long an answer may take before the emulator counts as paused. */
  readonly pausedAfterMs: number;
  /** Silence after which we say something: the reference forgets a client that is silent for five seconds. */
  readonly keepAliveMs: number;
  /** How long closing waits for an outstanding answer. */
  readonly closeGraceMs: number;
}

export interface ChannelOptions {
  readonly clock: Clock;
  readonly times: ChannelTimes;
  readonly logger: Logger;
  readonly onStatus?: ((status: DeviceStatus) => void) | undefined;
}

/** Sends one line and resolves with its answers. */
export type Send = (requests: readonly ConnectorRequest[]) => Promise<readonly ConnectorResponse[]>;

interface Waiter {
  readonly start: () => void;
  readonly refuse: (error: CausewayError) => void;
}

interface Job extends CallOptions {
  /** Moment after which the caller does not want to wait any more. */
  readonly deadline: number | undefined;
  sent: boolean;
}

/**
 * Serves callers of one link one after another, one line in flight, every line under a deadline.
 *
 * A line that was sent and not answered ends the channel, so that a late answer can never be taken for another: its
 * caller gets `batch_outcome_unknown`, whose `cause` says what happened (the caller's abort reason, `device_timeout`,
 * `device_lost`, or what was wrong with the answer).
 */
export class RequestChannel {
  readonly closed: Promise<CloseInfo>;
  readonly #link: Link;
  readonly #options: ChannelOptions;
  readonly #waiters: Waiter[] = [];
  #status: DeviceStatus = 'running';
  #busy = false;
  #refused = false;
  #end: CloseInfo | undefined;
  #closing: Promise<void> | undefined;
  #lastTraffic: number;
  #onIdle: (() => void) | undefined;
  #failExchange: ((cause: unknown) => void) | undefined;
  #cancelKeepAlive: () => void = () => {};
  #resolveClosed: (info: CloseInfo) => void = () => {};

  constructor(link: Link, options: ChannelOptions) {
    this.#link = link;
    this.#options = options;
    this.#lastTraffic = options.clock.now();
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    void link.closed.then((info) => this.#linkEnded(info));
  }

  get status(): DeviceStatus {
    return this.#status;
  }

  /** Whether calls are still taken. */
  get open(): boolean {
    return !this.#refused && this.#end === undefined;
  }

  /** Says something whenever the link was silent for a while, until the channel ends. */
  keepAlive(say: () => Promise<unknown>): void {
    const { clock, times } = this.#options;
    const check = (): void => {
      const silence = clock.now() - this.#lastTraffic;
      if (silence >= times.keepAliveMs && !this.#busy && this.open) {
        // Whatever goes wrong here ends the channel, which is where it is reported.
        say().catch(() => {});
      }
      const next = silence >= times.keepAliveMs ? times.keepAliveMs : times.keepAliveMs - silence;
      if (this.open) this.#cancelKeepAlive = clock.after(next, check);
    };
    this.#cancelKeepAlive = clock.after(times.keepAliveMs, check);
  }

  /**
   * Runs `work` when its turn has come; no other call's line comes between the lines it sends.
   * Rejects with `signal.reason`, `device_timeout` or `device_closed` when nothing was sent yet.
   */
  async exclusive<T>(work: (send: Send) => Promise<T>, call: CallOptions = {}): Promise<T> {
    const { timeoutMs } = call;
    const deadline = timeoutMs === undefined ? undefined : this.#options.clock.now() + timeoutMs;
    const job: Job = { ...call, deadline, sent: false };
    await this.#turn(job);
    try {
      return await work((requests) => this.#send(requests, job));
    } finally {
      this.#next();
    }
  }

  /** Ends everything now: the outstanding line's outcome is unknown, callers that wait get `device_closed`. */
  fail(reason: CloseInfo['reason'], error: CausewayError): void {
    if (this.#end) return;
    this.#finish({ reason, error });
    this.#failExchange?.(error);
    this.#link.destroy(error);
  }

  /** Takes no more calls, waits briefly for the outstanding answer, ends the link in order. */
  close(): Promise<void> {
    this.#closing ??= this.#closeInOrder();
    return this.#closing;
  }

  async #closeInOrder(): Promise<void> {
    if (this.#end) return;
    this.#refused = true;
    this.#refuseWaiters();
    if (this.#busy) await this.#idleOrGrace();
    if (this.#end) return;
    this.#finish({ reason: 'closed' });
    this.#failExchange?.(closedError());
    await this.#link.close();
  }

  #idleOrGrace(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(this.#options.times.closeGraceMs, resolve);
      this.#onIdle = () => {
        cancel();
        resolve();
      };
    });
  }

  #linkEnded({ reason, error }: CloseInfo): void {
    if (error) this.fail(reason, CausewayError.from(error));
  }

  #finish(info: CloseInfo): void {
    this.#end = info;
    this.#cancelKeepAlive();
    this.#refuseWaiters();
    this.#onIdle?.();
    this.#setStatus('closed');
    this.#options.logger.debug('bizhawk.closed', { uri: this.#link.uri, reason: info.reason });
    this.#resolveClosed(info);
  }

  #setStatus(status: DeviceStatus): void {
    if (this.#status === status || this.#status === 'closed') return;
    this.#status = status;
    this.#options.onStatus?.(status);
  }

  #refuseWaiters(): void {
    for (const waiter of this.#waiters.splice(0)) waiter.refuse(closedError());
  }

  #turn(job: Job): Promise<void> {
    if (job.signal?.aborted) return Promise.reject(job.signal.reason);
    if (!this.open) return Promise.reject(closedError());
    if (!this.#busy) {
      this.#busy = true;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const leave = (settle: () => void): void => {
        const place = this.#waiters.indexOf(waiter);
        if (place !== -1) this.#waiters.splice(place, 1);
        cancelDeadline();
        job.signal?.removeEventListener('abort', onAbort);
        settle();
      };
      const waiter: Waiter = { start: () => leave(resolve), refuse: (error) => leave(() => reject(error)) };
      const onAbort = (): void => leave(() => reject(job.signal?.reason));
      const cancelDeadline = this.#at(job.deadline, () => leave(() => reject(overdue(this.#link.uri))));
      job.signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.push(waiter);
    });
  }

  /** Hands the link to the next caller. */
  #next(): void {
    const waiter = this.#waiters.shift();
    if (waiter) {
      waiter.start();
      return;
    }
    this.#busy = false;
    this.#onIdle?.();
  }

  #at(moment: number | undefined, callback: () => void): () => void {
    const { clock } = this.#options;
    return moment === undefined ? () => {} : clock.after(Math.max(0, moment - clock.now()), callback);
  }

  #send(requests: readonly ConnectorRequest[], job: Job): Promise<readonly ConnectorResponse[]> {
    if (this.#end) return Promise.reject(job.sent ? unknownOutcome(this.#end.error) : closedError());
    const { clock, times, logger } = this.#options;
    const now = clock.now();
    if (!job.sent && job.signal?.aborted) return Promise.reject(job.signal.reason);
    if (!job.sent && job.deadline !== undefined && job.deadline <= now) return Promise.reject(overdue(this.#link.uri));
    job.sent = true;
    this.#lastTraffic = now;
    logger.debug('bizhawk.send', { uri: this.#link.uri, requests });
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        cancelPaused();
        cancelDeadline();
        job.signal?.removeEventListener('abort', onAbort);
        this.#failExchange = undefined;
        finish();
      };
      const cancelPaused = clock.after(times.pausedAfterMs, () => this.#setStatus('paused'));
      const cancelDeadline = this.#at(job.deadline ?? now + times.answerMs, () => {
        this.fail('timeout', overdue(this.#link.uri));
      });
      const onAbort = (): void => this.#abort(job);
      this.#failExchange = (cause) => settle(() => reject(unknownOutcome(cause)));
      job.signal?.addEventListener('abort', onAbort, { once: true });
      if (job.signal?.aborted) onAbort();
      this.#link.exchange(requests).then(
        (answers) => {
          if (this.#end) return;
          this.#lastTraffic = clock.now();
          this.#setStatus('running');
          logger.debug('bizhawk.receive', { uri: this.#link.uri, answers });
          settle(() => resolve(answers));
        },
        // The link has ended, and its `closed` says why.
        () => {},
      );
    });
  }

  #abort(job: Job): void {
    const cause: unknown = job.signal?.reason;
    const error = unknownOutcome(cause);
    this.#finish({ reason: 'closed', error });
    this.#failExchange?.(cause);
    this.#link.destroy(error);
  }
}

const closedError = (): CausewayError => new CausewayError('device_closed', 'The device is closed.');

const overdue = (uri: string): CausewayError =>
  new CausewayError('device_timeout', `The emulator at ${uri} did not answer in time.`, { context: { uri } });

const unknownOutcome = (cause: unknown): CausewayError =>
  new CausewayError('batch_outcome_unknown', 'The emulator was asked, but its answer did not come.', { cause });
