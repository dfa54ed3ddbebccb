import type { Clock } from '@causeway/bridge';

/** For so long a reply may still come that was given up. Milliseconds. */
const OWED_MS = 10_000;
/** For so long the network may bring a reply a second time. Milliseconds. */
const ECHO_MS = 250;
/** More than any size of a read. */
const SIZES = 4096;

interface Asked {
  /** When it was sent last. */
  at: number;
  /** How many replies to it have not come. */
  owed: number;
}

/** Which reads were sent of late, so that a reply that comes late or twice is not taken for one to a new question. */
export class RecentReads {
  readonly #clock: Clock;
  /** In the order in which they were sent last. */
  readonly #asked = new Map<number, Asked>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  sent(address: number, size: number): void {
    const key = address * SIZES + size;
    const owed = (this.#current(key)?.owed ?? 0) + 1;
    this.#asked.delete(key);
    this.#asked.set(key, { at: this.#clock.now(), owed });
    this.#forgetOld();
  }

  came(address: number, size: number): void {
    const asked = this.#current(address * SIZES + size);
    if (asked && asked.owed > 0) asked.owed--;
  }

  /** Whether this read was sent so lately that a reply to it may be on its way. */
  isKnown(address: number, size: number): boolean {
    return this.#current(address * SIZES + size) !== undefined;
  }

  /** `clean`: no reply to such a read can come. `answered`: none is owed; only a doubled one could come. */
  judge(address: number, size: number): 'clean' | 'answered' | 'owed' {
    const asked = this.#current(address * SIZES + size);
    if (!asked) return 'clean';
    if (asked.owed > 0) return 'owed';
    return this.#clock.now() - asked.at > ECHO_MS ? 'clean' : 'answered';
  }

  #current(key: number): Asked | undefined {
    const asked = this.#asked.get(key);
    return asked && this.#clock.now() - asked.at <= OWED_MS ? asked : undefined;
  }

  #forgetOld(): void {
    for (const [key, { at }] of this.#asked) {
      if (this.#clock.now() - at <= OWED_MS) return;
      this.#asked.delete(key);
    }
  }
}
