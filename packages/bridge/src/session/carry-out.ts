import { CausewayError } from '@causeway/protocol/errors';
import { type Device, supports } from '../device/contract.js';
import type { Effect } from '../game/contract.js';
import type { WriteEffect } from '../game/delivery.js';
import type { Logger } from '../logger.js';
import type { Multiworld } from '../multiworld/contract.js';
import type { Room } from '../multiworld/room.js';
import type { CheckReports } from './check-reports.js';
import type { SessionEventBody } from './events.js';

/** What effects of one step are carried out with. */
export interface Hands {
  readonly multiworld: Multiworld;
  readonly room: Room;
  readonly device: Device;
  readonly reports: CheckReports;
  readonly tags: Map<string, boolean>;
  /** Scouts whose answer is still to come, by what they ask. */
  readonly scouting: Set<string>;
  readonly emit: (event: SessionEventBody) => void;
  readonly logger: Logger;
  /** Look and tell, but send nothing. */
  readonly observe: boolean;
  /** Whether a loaded save is being played: outside it nothing counts as the player's doing. */
  readonly playing: boolean;
  readonly frame: number | undefined;
  /** Whether the goal was already reported. */
  readonly goalReached: boolean;
}

export interface CarriedOut {
  /** Writes for the next batch, in the module's order. */
  readonly writes: readonly WriteEffect[];
  readonly goalReached: boolean;
}

const reportChecks = (hands: Hands, seen: readonly number[]): void => {
  const { reports, room, multiworld, emit, frame } = hands;
  const { report, announce } = reports.take(seen, room);
  if (report.length > 0 && !hands.observe) multiworld.check(report);
  if (announce.length === 0) return;
  const names = announce.map((id) => multiworld.names.location(id, room.slot));
  emit({ event: 'location.checked', ids: announce, names, ...(frame === undefined ? {} : { frame }) });
};

const reportGoal = ({ multiworld, emit, observe }: Hands): void => {
  if (!observe) multiworld.goal();
  emit({ event: 'goal.reached' });
};

const reportDeath = ({ multiworld, room, emit }: Hands, { cause }: Extract<Effect, { kind: 'death' }>): void => {
  const told = cause === undefined ? {} : { cause };
  multiworld.death({ source: room.slotName, ...told });
  emit({ event: 'death.sent', ...told });
};

const setTag = ({ multiworld, tags }: Hands, { name, on }: Extract<Effect, { kind: 'tag' }>): void => {
  if (tags.get(name) === on) return;
  tags.set(name, on);
  multiworld.tag(name, on);
};

const scout = (hands: Hands, { locations, hint }: Extract<Effect, { kind: 'scout' }>): void => {
  const { multiworld, room, scouting, logger } = hands;
  // An id of another slot makes the server drop the connection.
  const own = locations.filter((id) => room.locations.has(id));
  const key = JSON.stringify([own, hint]);
  if (own.length === 0 || scouting.has(key)) return;
  scouting.add(key);
  multiworld
    .scout(own, hint === undefined ? {} : { hint })
    .catch((error: unknown) => logger.warn('session.scout-failed', { error: CausewayError.from(error).code }))
    .finally(() => scouting.delete(key));
};

const showMessage = ({ device, logger }: Hands, text: string): void => {
  if (!supports(device, 'message')) return;
  device
    .showMessage(text)
    .catch((error: unknown) => logger.warn('session.message-failed', { error: CausewayError.from(error).code }));
};

const send = (hands: Hands, effect: Exclude<Effect, { kind: 'write' | 'check' | 'goal' }>): void => {
  switch (effect.kind) {
    case 'death':
      if (hands.playing) reportDeath(hands, effect);
      break;
    case 'tag':
      setTag(hands, effect);
      break;
    case 'store':
      hands.multiworld.store(effect.key, effect.operations, effect.default);
      break;
    case 'scout':
      scout(hands, effect);
      break;
    case 'say':
      hands.multiworld.say(effect.text);
      break;
    case 'message':
      showMessage(hands, effect.text);
      break;
  }
};

/** Carries out all effects of one step; the one place where a decision becomes a deed. Writes are returned for the next batch. */
export const carryOut = (hands: Hands, effects: readonly Effect[]): CarriedOut => {
  const writes: WriteEffect[] = [];
  let { goalReached } = hands;
  for (const effect of effects) {
    if (effect.kind === 'write') writes.push(effect);
    else if (effect.kind === 'check') {
      if (hands.playing) reportChecks(hands, effect.locations);
    } else if (effect.kind === 'goal') {
      if (hands.playing && !goalReached) reportGoal(hands);
      goalReached ||= hands.playing;
    } else if (!hands.observe) send(hands, effect);
  }
  return { writes: hands.observe ? [] : writes, goalReached };
};
