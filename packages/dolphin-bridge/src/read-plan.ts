import { type Coalesced, coalesce, type Region } from '@causeway/bridge/device';

/** Places closer than this are read as one: fewer calls, and values of one moment (docs/specs/dolphin.md, section 4.1). */
const GAP = 4096;
/** No way of reading has a limit of its own. */
const LONGEST = 2 ** 31;

const sameRegion = (a: Region | undefined, b: Region): boolean =>
  a !== undefined && a.offset === b.offset && a.size === b.size && a.domain === b.domain;

/** Plans reads, and remembers the last plan: a game module asks for the same places ten times a second. */
export class ReadPlanner {
  #regions: readonly Region[] = [];
  #plan: Coalesced = coalesce([], { gap: GAP, maxSize: LONGEST });
  readonly #place: (region: Region) => Region;

  /** @param place where a region lies, under the name of the memory that is to be read; may throw */
  constructor(place: (region: Region) => Region) {
    this.#place = place;
  }

  plan(regions: readonly Region[]): Coalesced {
    const known = this.#regions;
    if (regions.length === known.length && regions.every((region, index) => sameRegion(known[index], region)))
      return this.#plan;
    const plan = coalesce(
      regions.map((region) => this.#place(region)),
      { gap: GAP, maxSize: LONGEST },
    );
    this.#plan = plan;
    this.#regions = [...regions];
    return plan;
  }
}
