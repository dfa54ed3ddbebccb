import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '@causeway/bridge';
import { type CallOptions, type CloseInfo, withDeadline } from '@causeway/bridge/device';
import {
  COMM_BYE,
  CommFrameDecoder,
  type CommPoll,
  type ConnectorRequest,
  type ConnectorResponse,
  decodeCommPoll,
  encodeCommFrame,
  encodeRequests,
  parseResponses,
} from '@causeway/protocol/connector';
import { CausewayError } from '@causeway/protocol/errors';
import type { BizHawkConfig } from './bizhawk-options.js';
import { type Identity, identify } from './identify.js';
import { type Link, linkEnd } from './link.js';

/** A caller that polled this recently is not pushed out by another. Milliseconds. */
const ALIVE_MS = 2000;
/** How long an emulator whose connection ended may take to call again: its script does so after a second. */
const RECALL_MS = 5000;
/** How long closing waits for a poll to say goodbye to, and for the goodbye to be read. Milliseconds. */
const BYE_WAIT_MS = 500;
const BYE_READ_MS = 100;

interface Exchange {
  readonly text: string;
  readonly resolve: (answers: readonly ConnectorResponse[]) => void;
  readonly reject: (error: CausewayError) => void;
  /** `seq` of the poll it was handed over with. */
  handedAt?: number;
}

interface CommLinkOptions {
  readonly host: string;
  readonly clock: Clock;
  readonly maxBytes: number;
  readonly token: string | undefined;
}

/** Listens on `port` until an emulator has called and said who it is. */
export const openCommLink = async (
  host: string,
  port: number,
  config: BizHawkConfig,
  call: CallOptions,
): Promise<{ link: CommLink; identity: Identity }> => {
  const { clock, maxLineBytes: maxBytes, token, times } = config;
  call.signal?.throwIfAborted();
  const link = await CommLink.listen(port, { host, clock, maxBytes, token });
  const limits = { clock, timeoutMs: call.timeoutMs ?? times.callMs, signal: call.signal };
  const late = (): CausewayError =>
    new CausewayError('device_timeout', `No emulator called ${link.uri} in time.`, { context: { uri: link.uri } });
  try {
    const identity = await withDeadline(
      link.called.then(() => identify(link)),
      limits,
      late,
    );
    return { link, identity };
  } catch (error) {
    link.destroy(CausewayError.from(error));
    throw error;
  }
};

/**
 * The emulator's own outgoing socket: the emulator calls and asks, we answer each poll at once, because it stands still
 * until we do.
 *
 * It is never closed in order while the emulator may be waiting: at the end of the stream BizHawk's reader loops for
 * ever. Only a reset frees it.
 */
export class CommLink implements Link {
  readonly uri: string;
  readonly closed: Promise<CloseInfo>;
  /** Resolves when an emulator has called for the first time; rejects when the link ends before. */
  readonly called: Promise<void>;
  readonly #server: Server;
  readonly #options: CommLinkOptions;
  #first: CommPoll | undefined;
  #caller: Socket | undefined;
  #lastPoll = 0;
  #lastSeq = 0;
  #exchange: Exchange | undefined;
  #ended: CausewayError | undefined;
  #finished = false;
  #sayBye: (() => void) | undefined;
  #cancelRecall: () => void = () => {};
  #resolveClosed: (info: CloseInfo) => void = () => {};
  #resolveCalled: () => void = () => {};

  static async listen(port: number, options: CommLinkOptions): Promise<CommLink> {
    const { host } = options;
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        const code = error.code === 'EADDRINUSE' ? 'port_in_use' : 'device_refused';
        reject(new CausewayError(code, `Cannot listen on ${host}:${port}: ${error.message}`, { cause: error }));
      });
      server.listen(port, host, resolve);
    });
    return new CommLink(server, options);
  }

  private constructor(server: Server, options: CommLinkOptions) {
    const { port } = server.address() as AddressInfo;
    this.uri = `comm://${options.host}:${port}`;
    this.#server = server;
    this.#options = options;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.called = new Promise((resolve, reject) => {
      this.#resolveCalled = resolve;
      void this.closed.then(({ error }) => reject(error ?? closedByUs()));
    });
    this.called.catch(() => {});
    server.on('connection', (socket) => this.#serve(socket));
  }

  exchange(requests: readonly ConnectorRequest[]): Promise<readonly ConnectorResponse[]> {
    if (this.#finished) return Promise.reject(this.#ended ?? closedByUs());
    return new Promise((resolve, reject) => {
      this.#exchange = { text: encodeRequests(requests), resolve, reject };
    });
  }

  async close(): Promise<void> {
    if (this.#finished) return;
    const caller = this.#caller;
    this.#finish(undefined);
    if (caller && !caller.destroyed) {
      await new Promise<void>((resolve) => {
        const cancel = this.#options.clock.after(BYE_WAIT_MS, resolve);
        caller.once('close', resolve);
        this.#sayBye = () => {
          cancel();
          caller.write(encodeCommFrame(COMM_BYE));
          this.#options.clock.after(BYE_READ_MS, resolve);
        };
      });
    }
    this.#release();
  }

  destroy(error: CausewayError): void {
    if (this.#finished) return;
    this.#finish(error);
    this.#release();
  }

  #finish(error: CausewayError | undefined, info: CloseInfo = linkEnd(error)): void {
    this.#finished = true;
    this.#ended = error;
    this.#cancelRecall();
    this.#exchange?.reject(error ?? closedByUs());
    this.#exchange = undefined;
    this.#resolveClosed(info);
  }

  #release(): void {
    this.#server.close();
    this.#caller?.resetAndDestroy();
    this.#caller = undefined;
  }

  #serve(socket: Socket): void {
    const decoder = new CommFrameDecoder({ maxBytes: this.#options.maxBytes });
    socket.on('data', (chunk) => {
      try {
        for (const text of decoder.push(chunk)) this.#poll(socket, decodeCommPoll(text));
      } catch (error) {
        this.#dismiss(socket, CausewayError.from(error, 'protocol_malformed'));
      }
    });
    socket.on('error', () => {});
    socket.on('end', () => socket.resetAndDestroy());
    socket.on('close', () => this.#callerGone(socket));
    // Nobody may hold a connection without being an emulator.
    socket.setTimeout(RECALL_MS, () => {
      if (socket !== this.#caller) socket.resetAndDestroy();
    });
    if (this.#finished) socket.resetAndDestroy();
  }

  /** Ends one connection; the link too when it was the emulator's and it talked nonsense. */
  #dismiss(socket: Socket, error: CausewayError): void {
    if (socket === this.#caller) this.destroy(error);
    socket.resetAndDestroy();
  }

  #callerGone(socket: Socket): void {
    if (socket !== this.#caller || this.#finished) return;
    this.#caller = undefined;
    this.#cancelRecall = this.#options.clock.after(RECALL_MS, () => {
      this.destroy(new CausewayError('device_lost', `The emulator at ${this.uri} went away.`));
    });
  }

  #poll(socket: Socket, poll: CommPoll): void {
    if (this.#options.token !== undefined && poll.token !== this.#options.token) {
      throw new CausewayError('device_refused', 'An emulator called that was not started by us.');
    }
    if (!this.#admit(socket, poll)) return;
    this.#lastPoll = this.#options.clock.now();
    this.#lastSeq = poll.seq;
    this.#settle(poll);
    // After the callers that an answer wakes have said what they want next: still within this turn of the event loop.
    setImmediate(() => this.#reply(socket, poll));
  }

  /** Whether this is the emulator we serve; a renewed connection of it takes the place of the one before. */
  #admit(socket: Socket, poll: CommPoll): boolean {
    if (socket === this.#caller) return true;
    const first = this.#first;
    const alive = this.#caller && this.#options.clock.now() - this.#lastPoll < ALIVE_MS;
    // Its new connection may be seen before the end of the old one is.
    const continues = first?.hash === poll.hash && poll.seq === this.#lastSeq + 1;
    if (alive && !continues) {
      socket.resetAndDestroy();
      return false;
    }
    if (first && (first.hash !== poll.hash || first.system !== poll.system)) {
      const error = new CausewayError('device_lost', 'Another ROM was loaded.', {
        context: { before: first.hash, now: poll.hash },
      });
      this.#finish(error, { reason: 'rom_changed', error });
      this.#release();
      socket.resetAndDestroy();
      return false;
    }
    const before = this.#caller;
    this.#caller = socket;
    before?.resetAndDestroy();
    this.#cancelRecall();
    this.#first ??= poll;
    this.#resolveCalled();
    return true;
  }

  /** Takes the answer to what was handed over. A poll without it means that the script never got it, or began anew. */
  #settle(poll: CommPoll): void {
    const exchange = this.#exchange;
    if (exchange?.handedAt === undefined) return;
    if (!poll.answer || (poll.answers ?? poll.seq - 1) !== exchange.handedAt) {
      throw new CausewayError('device_lost', 'The emulator does not know what it was asked: its script began anew.');
    }
    const answers = parseResponses(poll.answer);
    this.#exchange = undefined;
    exchange.resolve(answers);
  }

  #reply(socket: Socket, poll: CommPoll): void {
    if (this.#sayBye) {
      this.#sayBye();
      this.#sayBye = undefined;
      return;
    }
    const exchange = this.#finished ? undefined : this.#exchange;
    if (exchange && exchange.handedAt === undefined) exchange.handedAt = poll.seq;
    if (!socket.destroyed) socket.write(encodeCommFrame(exchange?.text ?? '[]'));
  }
}

const closedByUs = (): CausewayError => new CausewayError('device_closed', 'The connection was closed.');
