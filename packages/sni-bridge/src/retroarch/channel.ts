import type { Clock, Logger } from '@causeway/bridge';
import { CausewayError } from '@causeway/protocol/errors';
import { encodeCommands, parseReply, type RetroArchCommand, type RetroArchReply } from '@causeway/protocol/retroarch';
import { type Endpoint, endpointText } from '../endpoint.js';
import type { DatagramSocket, DatagramSocketFactory } from './datagram-socket.js';
import { RecentReads } from './recent-reads.js';

/** Answers come within a frame, or 10 ms while paused; what took longer than this is asked again. Milliseconds. */
export const RESEND_MS = 250;

/** How often an answer must be as short as that of a known question before it is taken for one that was cut. */
const SHORT_IN_THE_END = 6;

/** A command whose reply is awaited. */
export interface Ask {
  readonly command: RetroArchCommand;
  /** The reply, once it came. */
  reply: RetroArchReply | undefined;
  /** Moment of its arrival, milliseconds. */
  at: number;
  /** Shared by all of one datagram: how many of its reads have no reply yet. */
  readonly datagram: { unread: number };
  /** How many answers came that may have been cut short. */
  short: number;
}

type AsksFor<T extends readonly RetroArchCommand[]> = { readonly [K in keyof T]: Ask };
type ReadReply = RetroArchReply & { readonly kind: 'read' };

export interface ChannelOptions {
  readonly endpoint: Endpoint;
  readonly createSocket: DatagramSocketFactory;
  readonly clock: Clock;
  readonly logger: Logger;
}

const isAnswer = ({ command, datagram }: Ask, reply: RetroArchReply): boolean => {
  switch (reply.kind) {
    case 'version':
      return command.kind === 'version';
    case 'status':
      return command.kind === 'status' && datagram.unread === 0;
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

/**
 * Commands and their replies over one socket. A reply says which command and place it belongs to, not which of two equal
 * questions: so reads that may still be answered are remembered ({@link judge}). A status names no place at all. RetroArch answers in
 * order, so one that stands last in a datagram counts only once all its reads were answered: an older one comes before, and bytes
 * that had to be asked for again are never older than the status that vouches for them.
 */
export class RetroArchChannel {
  /** Resolves with the reason when nobody listens any more. */
  readonly failed: Promise<CausewayError>;
  readonly #options: ChannelOptions;
  readonly #socket: DatagramSocket;
  readonly #recent: RecentReads;
  #open: Ask[] = [];
  #failure: CausewayError | undefined;
  #wake: (() => void) | undefined;
  #fail: (error: CausewayError) => void = () => {};

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#recent = new RecentReads(options.clock);
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
    this.#send([command]);
  }

  /**
   * Sends commands in one datagram, which RetroArch carries out between two frames. Replies are taken note of whenever they
   * come, until {@link forget}.
   */
  ask<const T extends readonly RetroArchCommand[]>(commands: T): AsksFor<T> {
    const datagram = { unread: commands.filter(({ kind }) => kind === 'read').length };
    const asks = commands.map((command): Ask => ({ command, reply: undefined, at: 0, datagram, short: 0 }));
    this.#open.push(...asks);
    this.#send(commands);
    return asks as unknown as AsksFor<T>;
  }

  /** Replies to these are of no interest any more. */
  forget(asks: readonly Ask[]): void {
    this.#open = this.#open.filter((ask) => !asks.includes(ask));
  }

  /** Whether a reply to such a read may still come: see {@link RecentReads.judge}. */
  judge(address: number, size: number): 'clean' | 'answered' | 'owed' {
    return this.#recent.judge(address, size);
  }

  /**
   * Resolves when all of them were answered, with whether any had to be sent again: not for writes. One caller at a time.
   * Rejects with `signal.reason`, or with `device_lost` when nobody listens.
   */
  async answered(asks: readonly Ask[], signal: AbortSignal): Promise<boolean> {
    let repeated = false;
    while (!(await this.arrived(asks, signal))) {
      repeated = true;
      this.#send(asks.filter(({ reply }) => !reply).map(({ command }) => command));
    }
    return repeated;
  }

  /** Resolves with `true` when all of them were answered, with `false` when nothing came for a while. Rejects likewise. */
  async arrived(asks: readonly Ask[], signal: AbortSignal): Promise<boolean> {
    for (;;) {
      if (this.#failure) throw this.#failure;
      signal.throwIfAborted();
      if (asks.every(({ reply }) => reply)) return true;
      if (!(await this.#news(signal))) return false;
    }
  }

  close(): void {
    this.#failure ??= new CausewayError('device_closed', 'The connection to RetroArch was closed.');
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

  #send(commands: readonly RetroArchCommand[]): void {
    const text = encodeCommands(commands);
    for (const command of commands) if (command.kind === 'read') this.#recent.sent(command.address, command.size);
    this.#options.logger.debug('retroarch.send', { text: text.slice(0, 100) });
    this.#socket.send(text);
  }

  #take(text: string): void {
    const parsed = parseReply(text);
    const reply = parsed?.kind === 'read' ? this.#judged(parsed) : parsed;
    const ask = reply && this.#open.find((each) => isAnswer(each, reply));
    if (!reply || !ask) {
      this.#options.logger.debug('retroarch.unexpected', { text: text.slice(0, 100) });
      return;
    }
    ask.reply = reply;
    ask.at = this.#options.clock.now();
    if (ask.command.kind === 'read') ask.datagram.unread--;
    this.#open = this.#open.filter((each) => each !== ask);
    this.#wake?.();
  }

  /**
   * Where memory ends RetroArch answers with fewer bytes. That is a refusal: at once where nobody asked for so few there, in the end
   * where it may as well have been a late answer to another question.
   */
  #judged(reply: ReadReply): RetroArchReply {
    const { address, data } = reply;
    const known = this.#recent.isKnown(address, data.length);
    this.#recent.came(address, data.length);
    if (this.#open.some((ask) => isAnswer(ask, reply))) return reply;
    const cut = this.#open.find(
      ({ command }) => command.kind === 'read' && command.address === address && command.size > data.length,
    );
    if (!cut) return reply;
    cut.short++;
    if (known && cut.short < SHORT_IN_THE_END) return reply;
    return { kind: 'refused', of: 'read', address, reason: `only ${data.length} bytes of memory there` };
  }

  #end(problem: string): void {
    if (this.#failure) return;
    const place = endpointText(this.#options.endpoint);
    this.#failure = new CausewayError('device_lost', `RetroArch at ${place} does not listen any more: ${problem}.`, {
      context: { place, problem },
      fix: 'Start RetroArch again, with the game. If it runs, switch on Settings > Network > Network Commands.',
    });
    this.#fail(this.#failure);
    this.#wake?.();
  }
}
