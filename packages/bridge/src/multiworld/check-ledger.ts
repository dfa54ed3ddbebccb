/**
 * Which locations were reported to us, and which the server has.
 *
 * The server's list is the authority: a check counts as delivered when the server says so, never because we sent it. What
 * was reported is kept for the whole run, so that a server that went back to an older save gets it again.
 */
export class CheckLedger {
  readonly #reported = new Set<number>();
  readonly #unsent = new Set<number>();
  #locations: ReadonlySet<number> | undefined;
  #checked: ReadonlySet<number> = new Set();

  /** Every location of the slot; `undefined` before the first login. */
  get locations(): ReadonlySet<number> | undefined {
    return this.#locations;
  }

  /** What the server has, by whomever. */
  get checked(): ReadonlySet<number> {
    return this.#checked;
  }

  /** Reported by us, and not yet acknowledged. */
  get pending(): readonly number[] {
    return [...this.#reported].filter((id) => !this.#checked.has(id));
  }

  /** Takes a report of the game. Ids that the slot does not have are left out. */
  report(locations: Iterable<number>): void {
    for (const id of locations) {
      if (this.#reported.has(id) || !this.#accepts(id)) continue;
      this.#reported.add(id);
      if (!this.#checked.has(id)) this.#unsent.add(id);
    }
  }

  /** What is to be sent now, once per connection. */
  takeUnsent(): readonly number[] {
    const ids = [...this.#unsent];
    this.#unsent.clear();
    return ids;
  }

  /**
   * A login: the server's lists replace what we thought it had, and every report it lacks is to be sent again.
   *
   * @returns locations it has that it did not have before
   */
  login(missing: readonly number[], checked: readonly number[]): readonly number[] {
    const before = this.#checked;
    this.#locations = new Set([...missing, ...checked]);
    this.#checked = new Set(checked);
    this.#unsent.clear();
    for (const id of this.#reported) {
      if (!this.#locations.has(id)) this.#reported.delete(id);
      else if (!this.#checked.has(id)) this.#unsent.add(id);
    }
    return checked.filter((id) => !before.has(id));
  }

  /** The server says that these are checked, by us or by others. Returns those that are news. */
  acknowledge(locations: readonly number[]): readonly number[] {
    const fresh = [...new Set(locations)].filter((id) => !this.#checked.has(id));
    if (fresh.length === 0) return fresh;
    this.#checked = new Set([...this.#checked, ...fresh]);
    for (const id of fresh) this.#unsent.delete(id);
    return fresh;
  }

  /** Sends everything unacknowledged again: after entries of the item list went missing, perhaps a report did too. */
  resend(): void {
    for (const id of this.pending) this.#unsent.add(id);
  }

  #accepts(id: number): boolean {
    return Number.isSafeInteger(id) && (this.#locations?.has(id) ?? true);
  }
}
