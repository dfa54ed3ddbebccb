import type { CloseInfo } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { encodeNwaCommand, type NwaCommand, type NwaReply, NwaReplyDecoder } from '@causeway/protocol/nwa';
import type { Endpoint } from '../endpoint.js';
import type { ByteSocket, ByteSocketFactory } from './byte-socket.js';
import { nwaUri } from './nwa-target.js';

interface Question {
  readonly wire: Uint8Array;
  readonly carriesBlock: boolean;
  readonly resolve: (reply: NwaReply) => void;
  readonly reject: (error: CausewayError) => void;
}

/**
 * One connection to an emulator: commands go out in order, and replies are theirs in the same order.
 *
 * Commands are pipelined, except that nothing follows a command with data before its reply is there: the reference server
 * overruns its heap otherwise.
 */
export class NwaConnection {
  readonly uri: string;
  readonly closed: Promise<CloseInfo>;
  readonly #socket: ByteSocket;
  readonly #decoder = new NwaReplyDecoder();
  readonly #unsent: Question[] = [];
  readonly #asked: Question[] = [];
  #whenIdle: (() => void)[] = [];
  #connected = false;
  #received = false;
  #end: CloseInfo | undefined;
  #resolveClosed: (info: CloseInfo) => void = () => {};

  constructor(endpoint: Endpoint, connect: ByteSocketFactory) {
    this.uri = nwaUri(endpoint);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#socket = connect(endpoint, {
      open: () => {
        this.#connected = true;
      },
      bytes: (chunk) => this.#take(chunk),
      close: (problem) => this.destroy(this.#fault(problem)),
    });
  }

  /** Whether the peer's machine took the connection, which says nothing of the emulator. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Whether the peer ever sent a byte. */
  get received(): boolean {
    return this.#received;
  }

  /** Asks, and resolves with the emulator's answer, a refusal included. Rejects when the connection ends first. */
  ask(command: NwaCommand): Promise<NwaReply> {
    if (this.#end) return Promise.reject(this.#end.error ?? closedByUs());
    return new Promise((resolve, reject) => {
      const wire = encodeNwaCommand(command);
      this.#unsent.push({ wire, carriesBlock: command.block !== undefined, resolve, reject });
      this.#pump();
    });
  }

  /** Resolves when every question was answered, or the connection ended. */
  idle(): Promise<void> {
    if (this.#end || (this.#asked.length === 0 && this.#unsent.length === 0)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
    });
  }

  async close(): Promise<void> {
    if (this.#end) return;
    this.#finish({ reason: 'closed' });
    this.#socket.end();
  }

  destroy(error: CausewayError): void {
    if (this.#end) return;
    this.#finish({ reason: error.code.startsWith('protocol_') ? 'protocol' : 'lost', error });
    this.#socket.destroy();
  }

  #pump(): void {
    while (!this.#asked.some(({ carriesBlock }) => carriesBlock)) {
      const next = this.#unsent.shift();
      if (!next) return;
      this.#asked.push(next);
      this.#socket.send(next.wire);
    }
  }

  #take(chunk: Uint8Array): void {
    if (this.#end) return;
    this.#received = true;
    try {
      for (const reply of this.#decoder.push(chunk)) {
        if (reply.kind === 'signal') continue;
        const question = this.#asked.shift();
        if (!question) throw unasked(this.uri);
        question.resolve(reply);
      }
    } catch (error) {
      this.destroy(CausewayError.from(error, 'protocol_malformed'));
      return;
    }
    this.#pump();
    if (this.#asked.length === 0) this.#wakeIdle();
  }

  #finish(end: CloseInfo): void {
    this.#end = end;
    // Before the questions fail, so that whoever asked finds the connection ended.
    this.#resolveClosed(end);
    const error = end.error instanceof CausewayError ? end.error : closedByUs();
    for (const { reject } of [...this.#asked.splice(0), ...this.#unsent.splice(0)]) reject(error);
    this.#wakeIdle();
  }

  #wakeIdle(): void {
    for (const wake of this.#whenIdle.splice(0)) wake();
  }

  #fault(problem: string | undefined): CausewayError {
    const context = { uri: this.uri, ...(problem === undefined ? {} : { problem }) };
    if (!this.#connected && !/ECONNRESET/.test(problem ?? '')) return nothingThere(context);
    return new CausewayError('device_lost', `The emulator at ${this.uri} closed the connection.`, {
      context,
      fix: START,
    });
  }
}

const START = 'Check that the emulator runs and that its network access (NWA) is switched on.';

/** The connection was never made. */
export const nothingThere = (context: { readonly uri: string; readonly problem?: string }): CausewayError =>
  new CausewayError('device_refused', `Nothing takes connections at ${context.uri}.`, { context, fix: START });

const closedByUs = (): CausewayError => new CausewayError('device_closed', 'The connection was closed.');

const unasked = (uri: string): CausewayError =>
  new CausewayError('protocol_unexpected', `The emulator at ${uri} answered something it was not asked.`, {
    context: { uri },
    fix: 'Restart the emulator.',
  });
