import type { ClientPacket, Json, Retrieved } from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import type { Connection } from './connection.js';
import { ReplayGuard } from './replay-guard.js';
import type { StandingWishes } from './standing-wishes.js';

const RACE_KEY = '_read_race_mode';
const BARRIER = 'causeway_barrier';

export interface OutboxOptions {
  readonly wishes: StandingWishes;
  readonly connection: () => Connection | undefined;
  readonly joined: () => boolean;
  /** Told of what cannot be sent, and of what is held back. */
  readonly problem: (error: CausewayError) => void;
}

/** What goes out and when: all that must be said again at a login, what is news of one instant, and single requests. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #guard = new ReplayGuard();
  #barrier = 0;
  #flushing = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Says everything that a server that has just let us in must hear. */
  replay(): void {
    const { wishes } = this.#options;
    const groups = wishes.replay(this.#guard.careful || this.#guard.holdsAny);
    if (this.#guard.careful) this.#probe(this.#guard.begin(groups));
    else this.send([...this.#guard.begin(groups), ...wishes.takeWrites()]);
    this.flushSoon();
  }

  /** Answered only when all before it has been handled. Before login it is ignored, so it can travel with the login. */
  barrier(): ClientPacket {
    this.#barrier += 1;
    return { cmd: 'Get', keys: [RACE_KEY], [BARRIER]: this.#barrier };
  }

  /** Whether this answers the latest {@link barrier}. */
  isBarrier(packet: Retrieved): boolean {
    return packet[BARRIER] === this.#barrier;
  }

  /** The server has handled all that was sent before the barrier. Returns the race mode, which it was asked for. */
  passed({ keys }: Retrieved): Json | undefined {
    if (this.#guard.careful) this.#probe(this.#guard.next());
    return keys[RACE_KEY];
  }

  /** @param sinceLoginMs how long the login had lasted; `undefined` when there was none */
  closed(code: number, sinceLoginMs: number | undefined): void {
    const culprit = this.#guard.closed(code, sinceLoginMs);
    if (culprit === undefined) return;
    const message = `the server fails over our "${culprit}"; it is held back`;
    this.#options.problem(new CausewayError('server_invalid_packet', message, { context: { held: culprit } }));
  }

  /** Checks and tags the server does not know of, unless the server fails over them. */
  news(): readonly ClientPacket[] {
    return this.#options.wishes.news(!this.#guard.isHeld('checks'));
  }

  /** Checks and tags of one instant go out together. */
  flushSoon(): void {
    if (this.#flushing || !this.#options.joined()) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.flush();
    });
  }

  flush(): void {
    if (this.#options.joined()) this.send(this.news());
  }

  /** Returns `false` while not in the room, and for what cannot be sent. */
  sendIfJoined(packets: readonly ClientPacket[]): boolean {
    return this.#options.joined() && this.send(packets);
  }

  send(packets: readonly ClientPacket[]): boolean {
    if (packets.length === 0) return true;
    const unsent = this.#options.connection()?.send(packets) ?? packets;
    if (unsent.length === 0) return true;
    const commands = [...new Set(unsent.map(({ cmd }) => cmd))].join(', ');
    const message = `too large for the server, or too much waits: ${commands}`;
    this.#options.problem(new CausewayError('server_invalid_packet', message));
    return false;
  }

  #probe(packets: readonly ClientPacket[]): void {
    if (packets.length > 0) this.send([...packets, this.barrier()]);
    else this.send(this.#options.wishes.takeWrites());
  }
}
