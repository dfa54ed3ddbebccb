import type { Brake, Judgement, PlayedLook, Stage } from './brake-state.js';
import { doubt, isForeign } from './doubt.js';
import { type FloodLimits, fewOf } from './flood-limits.js';
import { beginHold, renew, stillHolds } from './hold.js';

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
  recent: [],
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
  // A save that waits, for a person or for a while, does not become known by waiting.
  if (reached.hold || reached.backlog) return { ...reached, since: now };
  return now - reached.since >= settleMs ? { ...reached, stage: 'steady' } : reached;
};

const isNew = (brake: Brake, { room }: PlayedLook, id: number): boolean =>
  !brake.accepted.has(id) && !brake.refused.has(id) && !room.checked.has(id) && room.locations.has(id);

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
