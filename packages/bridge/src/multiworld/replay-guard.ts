import type { ClientPacket } from '@causeway/protocol/archipelago';

/** Something that is said again after every login. */
export interface ReplayGroup {
  /** What it is, in words: `checks`, `status`, `watching key`. */
  readonly label: string;
  readonly packets: readonly ClientPacket[];
}

const QUICK_MS = 5_000;
const QUICK_CLOSES = 2;

/**
 * Keeps one bad packet from costing every connection.
 *
 * A server that fails over a message closes with 1000 and says nothing (`archipelago.md` §16). What is replayed at each login
 * would then be fatal each time. After two such closes within seconds of a login the groups go out one by one, each after
 * the server has answered for the one before; the one it fails over is held back from then on.
 */
export class ReplayGuard {
  readonly #held = new Set<string>();
  #quickCloses = 0;
  #waiting: readonly ReplayGroup[] = [];
  #probing: string | undefined;

  /** Whether the next login must go step by step. */
  get careful(): boolean {
    return this.#quickCloses >= QUICK_CLOSES;
  }

  get holdsAny(): boolean {
    return this.#held.size > 0;
  }

  isHeld(label: string): boolean {
    return this.#held.has(label);
  }

  /** A login: returns what to send at once. When careful, each further group comes from {@link next}. */
  begin(groups: readonly ReplayGroup[]): readonly ClientPacket[] {
    const allowed = groups.filter(({ label, packets }) => packets.length > 0 && !this.#held.has(label));
    if (!this.careful) {
      this.#waiting = [];
      this.#probing = undefined;
      return allowed.flatMap(({ packets }) => packets);
    }
    this.#waiting = allowed;
    return this.next();
  }

  /** The server has handled what was sent so far. */
  next(): readonly ClientPacket[] {
    const [first, ...rest] = this.#waiting;
    if (this.#probing !== undefined && !first) this.#quickCloses = 0;
    this.#waiting = rest;
    this.#probing = first?.label;
    return first?.packets ?? [];
  }

  /**
   * The connection ended. Returns what is held back from now on, if this is what the server failed over.
   *
   * @param sinceLoginMs how long the login had lasted; `undefined` when there was none
   */
  closed(code: number, sinceLoginMs: number | undefined): string | undefined {
    const culprit = code === 1000 ? this.#probing : undefined;
    this.#probing = undefined;
    this.#waiting = [];
    if (culprit !== undefined) {
      this.#held.add(culprit);
      this.#quickCloses = 0;
      return culprit;
    }
    if (sinceLoginMs === undefined) return undefined;
    this.#quickCloses = code === 1000 && sinceLoginMs < QUICK_MS ? this.#quickCloses + 1 : 0;
    return undefined;
  }
}
