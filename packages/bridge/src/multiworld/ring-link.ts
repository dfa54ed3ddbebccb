import { type Bounce, type Bounced, type Json, Tag } from '@causeway/protocol/archipelago';
import type { Clock, Random } from '../clock.js';
import type { Rings } from './contract.js';
import { field, timeOf } from './link-data.js';

/** A room takes a few messages a second (`archipelago.md` §17); rings of one such while travel together. */
const GATHER_MS = 500;

const MAX_SOURCE = 2 ** 31;

/**
 * RingLink: what one player picks up or loses, all do. Amounts are signed and add up, so none may be dropped: within half
 * a second of a message further ones are gathered, and go out as their sum.
 */
export class RingLink {
  readonly #clock: Clock;
  readonly #send: (packet: Bounce) => void;
  /** Sets this client apart from every other, also in the same slot. */
  readonly #source: number;
  #gathered = 0;
  #waiting = false;
  #cancel: () => void = () => {};

  /** @param send puts a message on its way */
  constructor(clock: Clock, random: Random, send: (packet: Bounce) => void) {
    this.#clock = clock;
    this.#send = send;
    this.#source = 1 + Math.floor(random() * (MAX_SOURCE - 1));
  }

  /** Rings won (above 0) or lost (below). */
  add(amount: number): void {
    this.#gathered += amount;
    if (!this.#waiting) this.#flush();
  }

  /** The connection is gone: what was gathered would come too late. */
  forget(): void {
    this.#cancel();
    this.#waiting = false;
    this.#gathered = 0;
  }

  /** Rings of somebody else; `undefined` for an echo and for amounts that are none. */
  receive({ data }: Bounced): Rings | undefined {
    const source = field(data, 'source');
    const amount = Math.trunc(Number(field(data, 'amount') ?? Number.NaN));
    if (source === this.#source || !Number.isSafeInteger(amount) || amount === 0) return undefined;
    const at = timeOf(data);
    return { time: Number.isFinite(at) ? at : this.#clock.now() / 1000, source: nameOf(source), amount };
  }

  #flush(): void {
    const amount = this.#gathered;
    this.#gathered = 0;
    this.#waiting = amount !== 0;
    if (amount === 0) return;
    this.#cancel = this.#clock.after(GATHER_MS, () => this.#flush());
    const time = this.#clock.now() / 1000;
    this.#send({ cmd: 'Bounce', tags: [Tag.ringLink], data: { time, source: this.#source, amount } });
  }
}

/** Most clients send a number, some a name; either only tells sources apart. */
const nameOf = (source: Json | undefined): number | string =>
  typeof source === 'number' || typeof source === 'string' ? source : 0;
