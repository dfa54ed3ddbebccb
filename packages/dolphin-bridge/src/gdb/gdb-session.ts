import { type Clock, type Logger, silentLogger, systemClock } from '@causeway/bridge';
import { CausewayError } from '@causeway/protocol/errors';
import type { GdbEndpoint } from './gdb-endpoint.js';
import { formatGdbUri } from './gdb-endpoint.js';
import { type GdbStream, type GdbStreamFactory, netGdbStream } from './gdb-stream.js';
import { ACKNOWLEDGE, encodePacket, type GdbEvent, PacketReader } from './packet-codec.js';

export interface GdbSessionOptions {
  readonly endpoint: GdbEndpoint;
  readonly stream?: GdbStreamFactory;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/**
 * Dolphin's main loop halts the game up to 100 ms after its debugger connection has begun to answer, later under load, and does not
 * show that it has. A `c` that comes before is undone by it, and then nobody is left who could let the game go.
 */
const HALT_SETTLES_MS = 1_000;

interface Exchange {
  readonly packet: Uint8Array;
  /** `c` is acknowledged and answered by nothing else. */
  readonly answered: boolean;
  resends: number;
  readonly resolve: (answer: string) => void;
  readonly reject: (error: unknown) => void;
}

/** `-` to one and the same packet, after which no further try is made. */
const MAX_RESENDS = 3;
/** What the debugger says when the game halts: by signal (`T`, `S`) or for ever (`W`, `X`). */
const HALTED = /^[TS][0-9a-f]{2}/i;
const ENDED = /^[WX][0-9a-f]{2}/i;

const untilAborted = <T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
};

/**
 * One conversation with the debugger connection of one Dolphin: a packet, its answer, the next packet.
 *
 * Answers are matched by order alone, so an exchange that its caller gave up still has to end before the next one is sent.
 */
export class GdbSession {
  readonly #stream: GdbStream;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #reader = new PacketReader();
  readonly #opened: Promise<void>;
  #exchange: Exchange | undefined;
  /** Settles when all that was asked so far is answered; never rejects. */
  #turn: Promise<unknown>;
  #running = false;
  #lost: CausewayError | undefined;

  constructor(options: GdbSessionOptions) {
    const { endpoint, stream = netGdbStream, clock = systemClock, logger = silentLogger } = options;
    this.#logger = logger;
    this.#clock = clock;
    let opened = (): void => {};
    let refused: (error: unknown) => void = () => {};
    this.#opened = new Promise((resolve, reject) => {
      opened = resolve;
      refused = reject;
    });
    this.#turn = this.#opened.catch(() => {});
    this.#stream = stream(endpoint, {
      open: () => opened(),
      bytes: (chunk) => this.#receive(chunk),
      close: (problem) => {
        const where = formatGdbUri(endpoint);
        refused(new CausewayError('device_refused', `Nothing answers at ${where}${problem ? `: ${problem}` : ''}.`));
        this.#end(new CausewayError('device_lost', 'Dolphin closed its debugger connection: the game was stopped.'));
      },
    });
  }

  /** Whether the connection stands. */
  get alive(): boolean {
    return this.#lost === undefined;
  }

  /**
   * Waits until the game has reached its halted beginning, and lets it run.
   */
  async start(signal?: AbortSignal): Promise<void> {
    try {
      await untilAborted(this.#opened, signal);
      const halt = await this.ask('?', signal);
      if (!HALTED.test(halt)) {
        throw new CausewayError(
          'protocol_unexpected',
          `Dolphin’s debugger connection began with ${halt.slice(0, 40)}.`,
        );
      }
      await this.#clock.sleep(HALT_SETTLES_MS, signal);
      await this.#queue('c', false, signal);
      this.#running = true;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Sends a packet, resolves with its answer. Rejects with `device_lost`, `protocol_…` or `signal.reason`. */
  ask(payload: string, signal?: AbortSignal): Promise<string> {
    return this.#queue(payload, true, signal);
  }

  /** Leaves. The game runs on. Calling it twice is fine. */
  close(): void {
    this.#end(new CausewayError('device_closed', 'The debugger connection was closed.'));
  }

  #queue(payload: string, answered: boolean, signal: AbortSignal | undefined): Promise<string> {
    const answer = this.#turn.then(() => {
      signal?.throwIfAborted();
      return this.#send(encodePacket(payload), answered);
    });
    this.#turn = answer.catch(() => {});
    return untilAborted(answer, signal);
  }

  #send(packet: Uint8Array, answered: boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#lost) {
        reject(this.#lost);
        return;
      }
      this.#exchange = { packet, answered, resends: 0, resolve, reject };
      this.#stream.send(packet);
    });
  }

  #receive(chunk: Uint8Array): void {
    if (this.#lost) return;
    try {
      const events = this.#reader.push(chunk);
      for (const event of events) this.#handle(event, events.length === 1);
    } catch (error) {
      this.#end(CausewayError.from(error));
    }
  }

  #handle(event: GdbEvent, alone: boolean): void {
    if (event.kind === 'ack') this.#onAck(alone);
    else if (event.kind === 'nak') this.#onNak();
    else this.#onPacket(event.payload);
  }

  #onAck(alone: boolean): void {
    const exchange = this.#exchange;
    if (exchange && !exchange.answered) this.#settle(exchange, '');
    // Over TCP its answer is held back until this acknowledgement is seen to have arrived: 44 ms, unless we say something.
    else if (alone) this.#stream.send(ACKNOWLEDGE);
  }

  #onNak(): void {
    const exchange = this.#exchange;
    if (!exchange || ++exchange.resends > MAX_RESENDS) {
      throw new CausewayError('protocol_unexpected', 'Dolphin’s debugger connection does not take our packets.');
    }
    this.#stream.send(exchange.packet);
  }

  #onPacket(payload: string): void {
    this.#stream.send(ACKNOWLEDGE);
    if (ENDED.test(payload)) {
      this.#end(new CausewayError('device_lost', 'Dolphin says that the game has ended.'));
      return;
    }
    if (this.#running && HALTED.test(payload)) {
      this.#logger.warn('dolphin.gdb.halted', { payload: payload.slice(0, 80) });
      this.#resume();
      return;
    }
    const exchange = this.#exchange;
    if (!exchange?.answered) throw new CausewayError('protocol_unexpected', 'Dolphin answered what it was not asked.');
    this.#settle(exchange, payload);
  }

  /** A breakpoint or a fault halted the game, and no debugger is here to look at it. */
  #resume(): void {
    this.#queue('c', false, undefined).catch(() => {});
  }

  #settle(exchange: Exchange, answer: string): void {
    this.#exchange = undefined;
    exchange.resolve(answer);
  }

  #end(error: CausewayError): void {
    if (this.#lost) return;
    this.#lost = error;
    this.#exchange?.reject(error);
    this.#exchange = undefined;
    this.#stream.destroy();
  }
}
