import type { ClientPacket, Retrieved } from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';

/** The field that tells our two questions of one change from all others. */
const STEP = 'causeway_items_mode';
const KEY = '_read_race_mode';
const LEGAL: ReadonlySet<number> = new Set([0, 1, 3, 5, 7]);

/** @throws {CausewayError} `server_refused_items` for a combination the server refuses (`archipelago.md` §6) */
const legalItemsHandling = (flags: number): number => {
  if (LEGAL.has(flags)) return flags;
  throw new CausewayError('server_refused_items', `items_handling ${flags} is none of 0, 1, 3, 5 and 7`);
};

/**
 * Which items the server sends, and how it is told of another wish on a live connection.
 *
 * The same item has another index in each mode, and packets of the old one may still be on their way. So nothing is
 * believed until the server has answered for the change; then the whole list is asked for, and a second answer without any
 * list before it means that the list is empty (`archipelago.md` §8.1, §8.2).
 */
export class ItemsMode {
  #wanted: number;
  #told: number;
  #change = 0;

  constructor(flags: number) {
    this.#wanted = flags;
    this.#told = flags;
  }

  want(flags: number): void {
    this.#wanted = legalItemsHandling(flags);
  }

  /** The mode of now, with which a login begins. */
  tell(): number {
    this.#told = this.#wanted;
    return this.#told;
  }

  /** What to say, if the server knows of another mode than the one that is wanted. */
  news(): readonly ClientPacket[] {
    if (this.#told === this.#wanted) return [];
    this.#change += 1;
    return [
      { cmd: 'ConnectUpdate', items_handling: this.tell() },
      { cmd: 'Get', keys: [KEY], [STEP]: `${this.#change} changed` },
      { cmd: 'Sync' },
      { cmd: 'Get', keys: [KEY], [STEP]: `${this.#change} sent` },
    ];
  }

  /** How far the latest change is by this answer: made, and its list sent. `undefined` for any other answer. */
  passed(packet: Retrieved): 'changed' | 'sent' | undefined {
    const step = packet[STEP];
    if (step === `${this.#change} changed`) return 'changed';
    return step === `${this.#change} sent` ? 'sent' : undefined;
  }
}
