import type { WatchSpec } from './watch-spec.js';
import type { WatchValue } from './watch-type.js';

/** One value that is new or other than before. */
export interface WatchChange {
  readonly spec: WatchSpec;
  /** Which bit, for `bits`. */
  readonly bit?: number;
  readonly value: WatchValue;
  /** Absent the first time. */
  readonly previous?: WatchValue;
}

/** Remembers the last values and says what changed. */
export class WatchChanges {
  readonly #last = new Map<WatchSpec, readonly WatchValue[]>();

  /** Compares with the previous look; values that were never seen count as changes, bits only where they are set. */
  update(spec: WatchSpec, bytes: Uint8Array): WatchChange[] {
    const before = this.#last.get(spec);
    const values = spec.type.decode(bytes);
    this.#last.set(spec, values);
    const many = spec.type.name.startsWith('bits');
    return values.flatMap((value, index): WatchChange[] => {
      const previous = before?.[index];
      // Object.is, because NaN is a value like any other here.
      if (before ? Object.is(previous, value) : many && value === 0) return [];
      return [{ spec, value, ...(many ? { bit: index } : {}), ...(previous === undefined ? {} : { previous }) }];
    });
  }
}
