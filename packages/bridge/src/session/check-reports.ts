import type { Room } from '../multiworld/room.js';

/**
 * Which locations went to the multiworld since the last login, and which were told to the outside at all.
 *
 * The server's list is the authority: after every login everything the game still shows and the server lacks is reported
 * again, so nothing noted here can hide a check.
 */
export class CheckReports {
  readonly #reported = new Set<number>();
  readonly #announced = new Set<number>();

  /** A new login: the server may have lost what it was told. */
  forgetReports(): void {
    this.#reported.clear();
  }

  /** Of the locations the game shows: those to report now, and those among them that are news to people. */
  take(
    seen: Iterable<number>,
    room: Room,
  ): { readonly report: readonly number[]; readonly announce: readonly number[] } {
    const report: number[] = [];
    for (const id of seen) {
      if (this.#reported.has(id) || room.checked.has(id) || !room.locations.has(id)) continue;
      this.#reported.add(id);
      report.push(id);
    }
    const announce = report.filter((id) => !this.#announced.has(id));
    for (const id of announce) this.#announced.add(id);
    return { report, announce };
  }
}
