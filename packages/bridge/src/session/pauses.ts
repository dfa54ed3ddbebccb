import type { SessionEventBody } from './events.js';

/** What shows that a game stands still: a link that does not answer or says so, or frames that are not counted any more. */
type Witness = 'link' | 'frames';

/** Tells people of a pause when its first witness speaks, and of its end when the last one does: neither knows of the other. */
export class Pauses {
  readonly #emit: (event: SessionEventBody) => void;
  readonly #seenBy = new Set<Witness>();

  constructor(emit: (event: SessionEventBody) => void) {
    this.#emit = emit;
  }

  /** Another device: nothing is known of it. */
  forget(): void {
    this.#seenBy.clear();
  }

  tell(witness: Witness, paused: boolean, uri: string): void {
    const before = this.#seenBy.size > 0;
    if (paused) this.#seenBy.add(witness);
    else this.#seenBy.delete(witness);
    const now = this.#seenBy.size > 0;
    if (now !== before) this.#emit({ event: now ? 'device.paused' : 'device.resumed', uri });
  }
}
