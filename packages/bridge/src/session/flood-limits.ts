/** From when on checks are held until a person has looked at them. Counts are of locations the server does not have yet. */
export interface FloodLimits {
  /**
   * Most checks in one {@link FloodLimits.windowMs} of play. Games hand out a handful at once, at the end of a stage or in a
   * shop; 20 leaves room for the largest of those, and memory that is not what it seems to be shows hundreds.
   */
  readonly atOnce: number;
  /** The same as a share of the slot's locations: in a small slot, 20 would be nearly all of it. */
  readonly share: number;
  /**
   * So many are always believed, and no more than so many of a save about which nothing is known, after a load, or together
   * with the goal. Half of a slot with fewer than twice as many locations, but at least 5.
   */
  readonly few: number;
  /** What counts as at once, in milliseconds of the game's own time where the device counts frames. */
  readonly windowMs: number;
  /** How long a save that was just loaded may take to fill the memory, and how long held checks may be out of sight. */
  readonly settleMs: number;
  /** How long a backlog must stand in memory before it is believed. Memory in transition is over within a few frames. */
  readonly confirmMs: number;
  /**
   * A save continues this slot's game when it shows at least this share of what the server knows. Not all of it, because
   * partners and collecting check locations that this save never saw.
   */
  readonly overlap: number;
  /**
   * How many checks a save may add unasked for each bit of history it shares with the server: a location both know, an item
   * taken. A finished game put before a room that has just begun adds dozens for each.
   */
  readonly growth: number;
}

export const FLOOD_LIMITS: FloodLimits = {
  atOnce: 20,
  share: 0.25,
  few: 10,
  windowMs: 1000,
  settleMs: 2000,
  confirmMs: 500,
  overlap: 0.5,
  growth: 2,
};

const LEAST_FEW = 5;

/** {@link FloodLimits.few} in a slot of so many locations. */
export const fewOf = ({ few }: FloodLimits, locations: number): number =>
  Math.min(few, Math.max(LEAST_FEW, Math.ceil(locations / 2)));

/** Most checks at once while playing steadily in a slot of so many locations. */
export const mostOf = (limits: FloodLimits, locations: number): number =>
  Math.min(limits.atOnce, Math.max(fewOf(limits, locations), Math.floor(limits.share * locations)));
