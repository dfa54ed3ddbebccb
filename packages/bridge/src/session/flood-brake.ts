import type { Room } from '../multiworld/room.js';
import { type FloodLimits, fewOf, mostOf } from './flood-limits.js';

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

const MS_PER_FRAME = 1000 / 60;

const startStage = (brake: Brake, stage: Stage): Brake => ({
  ...brake,
  stage,
  since: undefined,
  refused: new Set(),
  goalRefused: false,
  trusted: false,
});

/** Nobody watched for a while: the device was gone, or the game was recognised anew. What is held stays held. */
export const lookedAway = (brake: Brake): Brake => ({
  ...startStage(brake, 'first'),
  time: undefined,
  frame: undefined,
});

/** In fast-forward, frames say how much was played; after a load, the counter may be any. */
const elapsed = ({ time, frame }: Brake, look: PlayedLook): number => {
  const frames = look.frame === undefined || frame === undefined ? 0 : look.frame - frame;
  return Math.max(0, look.time - (time ?? look.time), frames * MS_PER_FRAME);
};

/** Lets time pass and the stage follow. */
const arrive = (before: Brake, look: PlayedLook, { settleMs, windowMs }: FloodLimits): Brake => {
  const now = before.now + elapsed(before, look);
  const recent = before.recent.some(({ at }) => at <= now - windowMs)
    ? before.recent.filter(({ at }) => at > now - windowMs)
    : before.recent;
  const brake: Brake = { ...before, now, recent, time: look.time, frame: look.frame };
  const reached: Brake = look.loaded
    ? { ...startStage(brake, brake.stage === 'first' ? 'first' : 'loaded'), hold: undefined }
    : brake;
  if (reached.stage === 'steady') return reached;
  if (reached.since === undefined) {
    return { ...reached, since: now, known: new Set([...look.room.checked, ...reached.accepted]) };
  }
  // A save that waits for a person does not become known by waiting.
  if (reached.hold) return { ...reached, since: now };
  return now - reached.since >= settleMs ? { ...reached, stage: 'steady' } : reached;
};

const isForeign = ({ trusted }: Brake, { mark, ahead }: PlayedLook): HoldCause | undefined => {
  if (trusted) return undefined;
  if (mark === 'foreign') return 'foreign-save';
  return ahead ? 'save-ahead' : undefined;
};

/** Whether checks made while nobody watched fit what is known of this slot's game. */
const continues = (
  { known }: Brake,
  { mark, seen, received = 0 }: PlayedLook,
  fresh: number,
  limits: FloodLimits,
): boolean => {
  if (mark === 'own') return true;
  const shown = new Set(seen.filter((id) => known.has(id))).size;
  return shown >= known.size * limits.overlap && fresh <= limits.growth * (shown + received);
};

/** Why so many new locations in one look are not believed; `excused` when they are, however many. */
const doubt = (
  brake: Brake,
  look: PlayedLook,
  fresh: number,
  limits: FloodLimits,
): HoldCause | 'excused' | undefined => {
  const { size } = look.room.locations;
  const few = fewOf(limits, size);
  const recent = brake.recent.reduce((sum, { count }) => sum + count, 0);
  if (fresh === 0) return undefined;
  if (brake.stage === 'first') {
    if (fresh + recent <= few) return undefined;
    return continues(brake, look, fresh, limits) ? 'excused' : 'unknown-save';
  }
  const proven = brake.stage === 'steady' || look.mark === 'own';
  if (fresh + recent > (proven ? mostOf(limits, size) : few)) return proven ? 'flood' : 'loaded';
  return look.goal && fresh > few ? 'goal' : undefined;
};

const isNew = (brake: Brake, { room }: PlayedLook, id: number): boolean =>
  !brake.accepted.has(id) && !brake.refused.has(id) && !room.checked.has(id) && room.locations.has(id);

const stillHolds = (hold: Hold, brake: Brake, foreign: HoldCause | undefined, settleMs: number): boolean => {
  if (hold.cause === 'foreign-save' || hold.cause === 'save-ahead') return foreign !== undefined;
  return brake.now - hold.coreSeenAt < settleMs;
};

/** Takes what is shown now into the hold; what is out of sight for a moment stays in it. */
const renew = (hold: Hold, brake: Brake, fresh: readonly number[], goal: boolean): Hold => {
  const coreShown = fresh.filter((id) => hold.core.has(id)).length;
  if (coreShown * 2 < hold.core.size || (fresh.length === 0 && !goal)) return hold;
  const grown = fresh.length > hold.ids.length || (goal && !hold.goal);
  return { ...hold, ...(grown ? { ids: fresh, goal: goal || hold.goal } : {}), coreSeenAt: brake.now };
};

const beginHold = (brake: Brake, cause: HoldCause, fresh: readonly number[], goal: boolean): Brake => ({
  ...brake,
  hold: { cause, ids: fresh, goal, core: new Set(fresh), coreSeenAt: brake.now },
});

/** Dropped locations that memory no longer shows are forgotten. */
const forgetUnshown = (brake: Brake, { seen, goal }: PlayedLook): Brake => {
  const goalRefused = brake.goalRefused && goal;
  if (brake.refused.size === 0) return goalRefused === brake.goalRefused ? brake : { ...brake, goalRefused };
  const refused = new Set(seen.filter((id) => brake.refused.has(id)));
  return { ...brake, goalRefused, refused };
};

/** Lets everything through that this look shows, and remembers it. */
const letThrough = (brake: Brake, look: PlayedLook, fresh: number, excused: boolean): Judgement => {
  const pass = look.seen.filter((id) => look.room.locations.has(id) && !brake.refused.has(id));
  const added = pass.filter((id) => !brake.accepted.has(id));
  const accepted = added.length === 0 ? brake.accepted : new Set([...brake.accepted, ...added]);
  const recent = fresh === 0 || excused ? brake.recent : [...brake.recent, { at: brake.now, count: fresh }];
  return { brake: { ...brake, accepted, recent, backlog: undefined }, pass, goal: look.goal && !brake.goalRefused };
};

const onlyAccepted = (brake: Brake, { seen }: PlayedLook): Judgement => ({
  brake,
  pass: seen.filter((id) => brake.accepted.has(id)),
  goal: false,
});

/** Memory in disorder seldom looks the same twice: a backlog is believed when it has stood for a while. */
const confirm = (brake: Brake, look: PlayedLook, fresh: readonly number[], limits: FloodLimits): Judgement => {
  const { backlog, now } = brake;
  const shown = new Set(fresh);
  const grown = fresh.length - (backlog?.ids.length ?? 0);
  const stands = backlog?.ids.every((id) => shown.has(id)) && grown <= fewOf(limits, look.room.locations.size);
  if (!backlog || !stands) return onlyAccepted({ ...brake, backlog: { ids: fresh, since: now } }, look);
  if (now - backlog.since < limits.confirmMs) return onlyAccepted(brake, look);
  return letThrough(brake, look, fresh.length, true);
};

/** Decides what of one look may be reported. Pure: the same brake and look always yield the same judgement. */
export const judge = (before: Brake, look: PlayedLook, limits: FloodLimits): Judgement => {
  let brake = forgetUnshown(arrive(before, look, limits), look);
  // Nearly every look shows nothing new.
  if (!brake.hold && !look.goal && look.seen.every((id) => brake.accepted.has(id))) {
    return { brake: brake.backlog ? { ...brake, backlog: undefined } : brake, pass: look.seen, goal: false };
  }
  const fresh = [...new Set(look.seen.filter((id) => isNew(brake, look, id)))];
  const goal = look.goal && !brake.goalRefused;
  const foreign = isForeign(brake, look);
  if (brake.hold) {
    const hold = renew(brake.hold, brake, fresh, goal);
    brake = { ...brake, hold: stillHolds(hold, brake, foreign, limits.settleMs) ? hold : undefined };
  }
  const nothing = fresh.length === 0 && !goal;
  if (!brake.hold && !nothing) {
    const cause = foreign ?? doubt(brake, look, fresh.length, limits);
    if (cause === 'excused') return confirm(brake, look, fresh, limits);
    if (cause === undefined) return letThrough(brake, look, fresh.length, false);
    brake = beginHold(brake, cause, fresh, goal);
  }
  if (!brake.hold && !foreign) return letThrough(brake, look, 0, false);
  return onlyAccepted(brake, look);
};

/** The person has looked and says it is theirs. */
export const release = (brake: Brake): Judgement => {
  const { hold, accepted } = brake;
  if (!hold) return { brake, pass: [], goal: false };
  const released: Brake = {
    ...brake,
    hold: undefined,
    since: undefined,
    accepted: new Set([...accepted, ...hold.ids]),
    recent: [],
    trusted: true,
  };
  return { brake: released, pass: hold.ids, goal: hold.goal };
};

/** The person says it is not theirs: forgotten until the game stops showing it and shows it again. */
export const drop = (brake: Brake): Brake => {
  const { hold, refused } = brake;
  if (!hold) return brake;
  return {
    ...brake,
    hold: undefined,
    refused: new Set([...refused, ...hold.ids]),
    goalRefused: brake.goalRefused || hold.goal,
  };
};
