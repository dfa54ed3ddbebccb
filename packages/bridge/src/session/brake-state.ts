import type { Room } from '../multiworld/room.js';

/** Why checks are held. */
export type HoldCause =
  /** The save's own mark names another seed or slot. */
  | 'foreign-save'
  /** The save has taken more items than the room ever sent. */
  | 'save-ahead'
  /** Nothing connects this save with what the server knows, and it shows a lot. */
  | 'unknown-save'
  /** Another save or state was loaded while we watched, and shows what nobody saw happen. */
  | 'loaded'
  /** More at once than play yields. */
  | 'flood'
  /** The goal, together with more checks than a last step yields. */
  | 'goal';

/** Why none is held any more without a person's decision: out of sight, or the save fits the room again. */
export type HoldEnd = 'gone' | 'settled';

export interface Hold {
  readonly cause: HoldCause;
  readonly ids: readonly number[];
  readonly goal: boolean;
  /** What started it. Once the game shows less than half of that, memory has changed and all is judged anew. */
  readonly core: ReadonlySet<number>;
  readonly coreSeenAt: number;
}

/**
 * How well the save in memory is known.
 *
 * - `first`: it may have been played while nobody watched: a backlog is normal if it fits what the server knows.
 * - `loaded`: it changed before our eyes: there is no backlog.
 * - `steady`: every check was seen to happen.
 */
export type Stage = 'first' | 'loaded' | 'steady';

/** More than a few checks of a save that may have made them while nobody watched. They must stand for a while. */
export interface Backlog {
  readonly ids: readonly number[];
  readonly since: number;
}

/** What the brake knows of one slot's game. Plain and immutable. */
export interface Brake {
  readonly stage: Stage;
  /** Since when; absent before the first look of the stage. */
  readonly since: number | undefined;
  /** What the server and we knew when the stage began: what a save shows cannot vouch for itself. */
  readonly known: ReadonlySet<number>;
  /** Locations this save was seen with that were let through or that the server knew. They need no second judgement. */
  readonly accepted: ReadonlySet<number>;
  /** Let through lately, without what was excused. */
  readonly recent: readonly { readonly at: number; readonly count: number }[];
  /** Dropped by the person, and shown ever since. */
  readonly refused: ReadonlySet<number>;
  readonly goalRefused: boolean;
  /** The person has released checks of this save: that its counter or mark does not fit is settled. */
  readonly trusted: boolean;
  readonly hold: Hold | undefined;
  readonly backlog: Backlog | undefined;
  /** Milliseconds of game time, and when that was. */
  readonly now: number;
  readonly time: number | undefined;
  readonly frame: number | undefined;
}

/** One look at a game that is being played. */
export interface PlayedLook {
  readonly time: number;
  readonly frame?: number | undefined;
  /** All locations memory shows. */
  readonly seen: readonly number[];
  readonly goal: boolean;
  readonly room: Pick<Room, 'checked' | 'locations'>;
  /** The game's counter of received items, where it has one. */
  readonly received?: number | undefined;
  /** What the save's own mark says of its seed and slot. */
  readonly mark: 'own' | 'foreign' | 'none';
  /** The counter is beyond anything the room ever sent. */
  readonly ahead: boolean;
  /** Another save or an older state is in memory than at the look before. */
  readonly loaded: boolean;
}

export interface Judgement {
  readonly brake: Brake;
  /** Locations that may be reported; the server has some of them. */
  readonly pass: readonly number[];
  readonly goal: boolean;
}

export const freshBrake: Brake = {
  stage: 'first',
  since: undefined,
  known: new Set(),
  accepted: new Set(),
  recent: [],
  refused: new Set(),
  goalRefused: false,
  trusted: false,
  hold: undefined,
  backlog: undefined,
  now: 0,
  time: undefined,
  frame: undefined,
};
