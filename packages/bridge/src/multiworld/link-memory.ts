/** Events of several players within one second are one for everybody else; games wait as long (`archipelago.md` §12). */
const COOLDOWN_MS = 1_000;
/** How many own events are remembered, to know their echoes. */
const REMEMBERED = 16;

/** What a link between players must remember: its own events, which come back, and when the last one happened. */
export class LinkMemory {
  #own: number[] = [];
  #lastMs = Number.NEGATIVE_INFINITY;

  /**
   * The time of an own event that is about to be sent, in seconds; it is its identity.
   *
   * Whole seconds would shadow the events of others who send whole seconds, so there is always a fraction.
   */
  stamp(nowMs: number): number {
    const time = nowMs % 1000 === 0 ? nowMs / 1000 + 0.0005 : nowMs / 1000;
    this.#lastMs = nowMs;
    this.remember(time);
    return time;
  }

  /** An own event that goes out by another way: its echo is still ours. */
  remember(time: number): void {
    if (Number.isFinite(time)) this.#own = [...this.#own, time].slice(-REMEMBERED);
  }

  isEcho(time: number): boolean {
    return this.#own.includes(time);
  }

  /** An event of somebody else was let through. */
  happened(nowMs: number): void {
    this.#lastMs = nowMs;
  }

  /** Whether another event was less than a second ago. */
  cooling(nowMs: number): boolean {
    const since = nowMs - this.#lastMs;
    return since >= 0 && since < COOLDOWN_MS;
  }
}
