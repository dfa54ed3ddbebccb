import type { Clock } from '@causeway/bridge';
import { CausewayError } from '@causeway/protocol/errors';
import {
  type AddressRange,
  AnswerQueue,
  encodeRanges,
  encodeRequest,
  type Opcode,
  totalSize,
} from '@causeway/protocol/usb2snes';
import { type Endpoint, endpointText } from '../endpoint.js';
import { AbortFanOut } from './abort-fan-out.js';
import type { MessageSocket, MessageSocketClose, MessageSocketFactory } from './message-socket.js';

export interface ConnectionOptions extends Endpoint {
  readonly socketFactory: MessageSocketFactory;
  readonly clock: Clock;
  /** Answers that may be outstanding at once. What is asked beyond that waits here, not at a server that does not answer. */
  readonly window: number;
  /** How long a closed connection may take to say goodbye, in milliseconds. */
  readonly closeGraceMs: number;
}

/** How a connection ended. No error: we closed it. */
export interface ConnectionEnd {
  readonly error?: CausewayError;
}

/**
 * One websocket to a usb2snes server: requests out, answers in, matched by order and by counted bytes. Single-use.
 *
 * An aborted question rejects with the signal's reason; its answer is still taken off the stream when it comes.
 */
export class Usb2SnesConnection {
  readonly url: string;
  /** Resolves when the server has taken the connection, rejects when it never will. */
  readonly opened: Promise<void>;
  /** Resolves once, never rejects. */
  readonly ended: Promise<ConnectionEnd>;
  readonly #socket: MessageSocket;
  readonly #clock: Clock;
  readonly #window: number;
  readonly #closeGraceMs: number;
  readonly #answers = new AnswerQueue();
  /** Questions that wait for room in the window, first come first served. */
  readonly #waiting: (() => void)[] = [];
  readonly #aborts = new AbortFanOut();
  readonly #failures = new Set<(error: CausewayError) => void>();
  #isOpen = false;
  #end: ConnectionEnd | undefined;
  #cancelGrace: (() => void) | undefined;
  #resolveOpened: () => void = () => {};
  #rejectOpened: (error: CausewayError) => void = () => {};
  #resolveEnded: (end: ConnectionEnd) => void = () => {};

  constructor({ host, port, socketFactory, clock, window, closeGraceMs }: ConnectionOptions) {
    this.url = `ws://${endpointText({ host, port })}`;
    this.#clock = clock;
    this.#window = window;
    this.#closeGraceMs = closeGraceMs;
    this.opened = new Promise((resolve, reject) => {
      this.#resolveOpened = resolve;
      this.#rejectOpened = reject;
    });
    // Whoever made the connection awaits it; one that is thrown away first must not count as an unhandled rejection.
    this.opened.catch(() => {});
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#socket = socketFactory(this.url, {
      open: () => {
        this.#isOpen = true;
        this.#resolveOpened();
      },
      text: (message) => this.#take(() => this.#answers.takeText(message)),
      bytes: (message) => this.#take(() => this.#answers.takeBytes(message)),
      close: (close) => {
        this.#cancelGrace?.();
        this.#finish(this.#closeError(close));
      },
    });
  }

  /** Answers the server still owes, given up ones included. */
  get owedAnswers(): number {
    return this.#answers.owedAnswers;
  }

  /** Asks what is answered with results. */
  ask(opcode: Opcode, operands: readonly string[], signal?: AbortSignal): Promise<readonly string[]> {
    return this.#question(signal, (deliver) => {
      const abandon = this.#answers.expectResults(deliver);
      this.#socket.send(encodeRequest(opcode, operands));
      return abandon;
    });
  }

  /** Reads ranges with one request; their bytes come one after the other. */
  read(ranges: readonly AddressRange[], signal?: AbortSignal): Promise<Uint8Array> {
    const operands = encodeRanges(ranges);
    return this.#question(signal, (deliver) => {
      const abandon = this.#answers.expectBytes(totalSize(ranges), deliver);
      this.#socket.send(encodeRequest('GetAddress', operands));
      return abandon;
    });
  }

  /** Sends what is never answered. Throws the error that ended the connection. */
  tell(opcode: Opcode, operands: readonly string[]): void {
    this.#throwIfEnded();
    this.#socket.send(encodeRequest(opcode, operands));
  }

  /**
   * Writes one range. Header and data leave back to back: SNI takes what is there when it looks. Never answered.
   * Throws the error that ended the connection.
   */
  write(address: number, data: Uint8Array): void {
    this.#throwIfEnded();
    this.#socket.send(encodeRequest('PutAddress', encodeRanges([{ address, size: data.length }])));
    this.#socket.send(data);
  }

  /** Ends in order. Calling it twice is fine. */
  close(): Promise<void> {
    if (!this.#end) {
      this.#finish(undefined);
      this.#socket.close();
      this.#cancelGrace = this.#clock.after(this.#closeGraceMs, () => this.#socket.terminate());
    }
    return Promise.resolve();
  }

  /** Ends now; everything outstanding rejects with `error`. */
  fail(error: CausewayError): void {
    if (this.#end) return;
    this.#finish(error);
    this.#socket.terminate();
  }

  #question<T>(signal: AbortSignal | undefined, send: (deliver: (answer: T) => void) => () => void): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#end) return Promise.reject(this.#endError());
    return new Promise((resolve, reject) => {
      let abandon: () => void = () => {};
      let unsubscribe: () => void = () => {};
      const settle = (finish: () => void): void => {
        unsubscribe();
        this.#failures.delete(onFailure);
        finish();
      };
      const onFailure = (error: CausewayError): void => settle(() => reject(error));
      const start = (): void => {
        abandon = send((answer) => settle(() => resolve(answer)));
      };
      const onAbort = (): void => {
        abandon();
        const place = this.#waiting.indexOf(start);
        if (place !== -1) this.#waiting.splice(place, 1);
        settle(() => reject(signal?.reason));
      };
      this.#failures.add(onFailure);
      if (signal) unsubscribe = this.#aborts.on(signal, onAbort);
      this.#waiting.push(start);
      this.#startWaiting();
    });
  }

  #startWaiting(): void {
    while (!this.#end && this.#answers.owedAnswers < this.#window) {
      const start = this.#waiting.shift();
      if (!start) return;
      start();
    }
  }

  #take(act: () => void): void {
    if (this.#end) return;
    try {
      act();
    } catch (error) {
      this.fail(CausewayError.from(error, 'protocol_malformed'));
      return;
    }
    this.#startWaiting();
  }

  #throwIfEnded(): void {
    if (this.#end) throw this.#endError();
  }

  #endError(): CausewayError {
    return this.#end?.error ?? new CausewayError('device_closed', 'The connection was closed.');
  }

  #finish(error: CausewayError | undefined): void {
    if (this.#end) return;
    this.#end = error ? { error } : {};
    this.#waiting.length = 0;
    this.#resolveEnded(this.#end);
    const cause = this.#endError();
    this.#rejectOpened(cause);
    for (const failed of [...this.#failures]) failed(cause);
  }

  #closeError({ code, reason, problem, foreign }: MessageSocketClose): CausewayError {
    const { url } = this;
    const context = { url, code, ...(reason ? { reason } : {}), ...(problem ? { problem } : {}) };
    if (foreign) {
      const fix =
        'Another program holds this port. Close it, or start SNI or QUsb2Snes with another port and name that.';
      return new CausewayError('device_foreign', `What listens at ${url} is no usb2snes server.`, { context, fix });
    }
    if (!this.#isOpen) {
      const fix = 'Start SNI or QUsb2Snes and try again. RetroArch and NWA emulators need neither.';
      return new CausewayError('device_refused', `No usb2snes server takes connections at ${url}.`, { context, fix });
    }
    const words = reason ? `: ${reason}` : ` (code ${code})`;
    const fix = 'Look into the window of SNI or QUsb2Snes: is the console still connected there?';
    return new CausewayError('device_lost', `The usb2snes server closed the connection${words}`, { context, fix });
  }
}
