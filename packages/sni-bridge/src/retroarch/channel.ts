import type { Clock, Logger } from '@causeway/bridge';
import { CausewayError } from '@causeway/protocol/errors';
import { encodeCommand, parseReply, type RetroArchCommand, type RetroArchReply } from '@causeway/protocol/retroarch';
import { type Endpoint, endpointText } from '../endpoint.js';
import type { DatagramSocket, DatagramSocketFactory } from './datagram-socket.js';

/** Answers come within a frame, or 10 ms while paused; what took longer than this is asked again. Milliseconds. */
export const RESEND_MS = 250;

/** How often an answer must be too short to be a refusal: shorter than any question, and within what questions vary by. */
const SHORT_AT_ONCE = 2;
const SHORT_IN_THE_END = 6;

/** A command whose reply is awaited. */
export interface Ask {
  readonly command: RetroArchCommand;
  /** The reply, once it came. */
  reply: RetroArchReply | undefined;
  /** Moment of its arrival, milliseconds. */
  at: number;
  /** Of a read: how many of its bytes are wanted at least. */
  readonly least: number;
  /** Shorter answers to the same place: how often each length came. */
  readonly short: Map<number, number>;
}

export interface ChannelOptions {
  readonly endpoint: Endpoint;
  readonly createSocket: DatagramSocketFactory;
  readonly clock: Clock;
  readonly logger: Logger;
}

const isAnswer = (command: RetroArchCommand, reply: RetroArchReply): boolean => {
  switch (reply.kind) {
    case 'version':
      return command.kind === 'version';
    case 'status':
      return command.kind === 'status';
    case 'read':
      return command.kind === 'read' && command.address === reply.address && command.size === reply.data.length;
    case 'written':
      return command.kind === 'write' && command.address === reply.address;
    case 'refused':
      return command.kind === reply.of && command.address === reply.address;
    case 'config':
      return command.kind === 'config' && command.name === reply.name;
  }
};

/** Asking for it twice changes nothing. */
const mayRepeat = ({ kind }: RetroArchCommand): boolean => kind !== 'write' && kind !== 'key' && kind !== 'message';

/**
 * Commands and their replies over one socket. A reply says which command and place it belongs to, not which of two equal
 * questions: whoever asks the same again soon must ask a little differently (see `retroarch-link.ts`).
 */
export class RetroArchChannel {
  /** Resolves with the reason when nobody listens any more. */
  readonly failed: Promise<CausewayError>;
  readonly #options: ChannelOptions;
  readonly #socket: DatagramSocket;
  #open: Ask[] = [];
  #failure: CausewayError | undefined;
  #wake: (() => void) | undefined;
  #fail: (error: CausewayError) => void = () => {};

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
    this.#socket = options.createSocket(options.endpoint, {
      datagram: (text) => this.#take(text),
      failed: (problem) => this.#end(problem),
    });
  }

  /** Sends something that is never answered. */
  tell(command: RetroArchCommand): void {
    this.#send(command);
  }

  /** Sends a command; its reply is taken note of whenever it comes, until {@link forget}. */
  ask(command: RetroArchCommand, least = 0): Ask {
    const ask: Ask = { command, reply: undefined, at: 0, least, short: new Map() };
    this.#open.push(ask);
    this.#send(command);
    return ask;
  }

  /** Replies to these are of no interest any more. */
  forget(asks: readonly Ask[]): void {
    this.#open = this.#open.filter((ask) => !asks.includes(ask));
  }

  /**
   * Resolves when all of them were answered, with whether any had to be asked again. One caller at a time.
   * Rejects with `signal.reason`, or with `device_lost` when nobody listens.
   */
  async answered(asks: readonly Ask[], signal: AbortSignal): Promise<boolean> {
    let repeated = false;
    for (;;) {
      if (this.#failure) throw this.#failure;
      signal.throwIfAborted();
      const missing = asks.filter(({ reply }) => !reply);
      if (missing.length === 0) return repeated;
      if (await this.#news(signal)) continue;
      for (const { command } of missing.filter(({ reply, command }) => !reply && mayRepeat(command))) {
        repeated = true;
        this.#send(command);
      }
    }
  }

  close(): void {
    this.#open = [];
    this.#socket.close();
    this.#wake?.();
  }

  /** Waits for a reply, the end or an abort; `false` when none of it came in time. */
  #news(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (came: boolean): void => {
        cancel();
        signal.removeEventListener('abort', onAbort);
        this.#wake = undefined;
        resolve(came);
      };
      const onAbort = (): void => settle(true);
      const cancel = this.#options.clock.after(RESEND_MS, () => settle(false));
      signal.addEventListener('abort', onAbort, { once: true });
      this.#wake = () => settle(true);
    });
  }

  #send(command: RetroArchCommand): void {
    const text = encodeCommand(command);
    this.#options.logger.debug('retroarch.send', { text: text.slice(0, 100) });
    this.#socket.send(text);
  }

  #take(text: string): void {
    const parsed = parseReply(text);
    const reply = parsed?.kind === 'read' ? this.#cutShort(parsed) : parsed;
    const ask = reply && this.#open.find((each) => !each.reply && isAnswer(each.command, reply));
    if (!reply || !ask) {
      this.#options.logger.debug('retroarch.unexpected', { text: text.slice(0, 100) });
      return;
    }
    ask.reply = reply;
    ask.at = this.#options.clock.now();
    this.#open = this.#open.filter((each) => each !== ask);
    this.#wake?.();
  }

  /**
   * Where memory ends RetroArch answers with fewer bytes. An equally short answer may also be a late one to a question before, but
   * not again and again; and never one that is shorter than any such question.
   */
  #cutShort(reply: RetroArchReply & { readonly kind: 'read' }): RetroArchReply {
    const { address, data } = reply;
    const ask = this.#open.find(
      ({ command }) => command.kind === 'read' && command.address === address && command.size > data.length,
    );
    const whole = this.#open.some(({ command }) => isAnswer(command, reply));
    if (!ask || whole) return reply;
    const times = (ask.short.get(data.length) ?? 0) + 1;
    ask.short.set(data.length, times);
    if (times < (data.length < ask.least ? SHORT_AT_ONCE : SHORT_IN_THE_END)) return reply;
    return { kind: 'refused', of: 'read', address, reason: `only ${data.length} bytes of memory there` };
  }

  #end(problem: string): void {
    if (this.#failure) return;
    const place = endpointText(this.#options.endpoint);
    this.#failure = new CausewayError('device_lost', `RetroArch at ${place} does not listen any more: ${problem}`, {
      context: { place, problem },
      fix: 'Start RetroArch again, with the game. If it runs, switch on Settings > Network > Network Commands.',
    });
    this.#fail(this.#failure);
    this.#wake?.();
  }
}
