import { CausewayError } from '@causeway/protocol/errors';
import { type Device, supports } from '../device/contract.js';
import type { Effect } from '../game/contract.js';
import type { WriteEffect } from '../game/delivery.js';
import type { Logger } from '../logger.js';
import type { Multiworld } from '../multiworld/contract.js';
import type { ReceivedItem, Room } from '../multiworld/room.js';
import type { SessionEventBody } from './events.js';

/** What effects of one step are carried out with. */
export interface Hands {
  readonly multiworld: Multiworld;
  readonly room: Room;
  readonly device: Device;
  readonly tags: Map<string, boolean>;
  /** Scouts whose answer is still to come, by what they ask. */
  readonly scouting: Set<string>;
  readonly onScouted: (items: readonly ReceivedItem[]) => void;
  readonly emit: (event: SessionEventBody) => void;
  readonly logger: Logger;
  /** Look and tell, but send nothing. */
  readonly observe: boolean;
  /** Whether a loaded save is being played: outside it nothing counts as the player's doing. */
  readonly playing: boolean;
  /** The save belongs to another seed or slot: what happens in it is none of this room's business. */
  readonly foreign: boolean;
}

export interface CarriedOut {
  /** Writes for the next batch, in the module's order. */
  readonly writes: readonly WriteEffect[];
  /** What counts as done by the player: nothing while nobody plays. */
  readonly seen: readonly number[];
  readonly goal: boolean;
}

const reportDeath = (
  { multiworld, room, emit, observe }: Hands,
  { cause }: Extract<Effect, { kind: 'death' }>,
): void => {
  const told = cause === undefined ? {} : { cause };
  if (!observe) multiworld.death({ source: room.slotName, ...told });
  emit({ event: 'death.sent', ...told });
};

const setTag = ({ multiworld, tags }: Hands, { name, on }: Extract<Effect, { kind: 'tag' }>): void => {
  if (tags.get(name) === on) return;
  tags.set(name, on);
  multiworld.tag(name, on);
};

const scout = (hands: Hands, { locations, hint }: Extract<Effect, { kind: 'scout' }>): void => {
  const { multiworld, room, scouting, logger, onScouted } = hands;
  // An id of another slot makes the server drop the connection.
  const own = locations.filter((id) => room.locations.has(id));
  const key = JSON.stringify([own, hint]);
  if (own.length === 0 || scouting.has(key)) return;
  scouting.add(key);
  multiworld
    .scout(own, hint === undefined ? {} : { hint })
    .then(onScouted)
    .catch((error: unknown) => logger.warn('session.scout-failed', { error: CausewayError.from(error).code }))
    .finally(() => scouting.delete(key));
};

const showMessage = ({ device, logger }: Hands, text: string): void => {
  if (!supports(device, 'message')) return;
  device
    .showMessage(text)
    .catch((error: unknown) => logger.warn('session.message-failed', { error: CausewayError.from(error).code }));
};

type OtherEffect = Exclude<Effect, { kind: 'write' | 'check' | 'goal' }>;

const send = (hands: Hands, effect: OtherEffect): void => {
  switch (effect.kind) {
    case 'death':
      reportDeath(hands, effect);
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

const maySend = ({ playing, foreign, observe }: Hands, { kind }: OtherEffect): boolean => {
  // Under observe a death is told, like a check, but goes nowhere.
  if (kind === 'death') return playing && !foreign;
  if (observe) return false;
  return !foreign || kind === 'tag' || kind === 'message';
};

/**
 * Carries out the effects of one step; with {@link PlayerReports} the one place where a decision becomes a deed.
 * Writes are returned for the next batch, checks and goal for the brake.
 */
export const carryOut = (hands: Hands, effects: readonly Effect[]): CarriedOut => {
  const writes: WriteEffect[] = [];
  const seen: number[] = [];
  let goal = false;
  for (const effect of effects) {
    if (effect.kind === 'write') writes.push(effect);
    else if (effect.kind === 'check') for (const id of effect.locations) seen.push(id);
    else if (effect.kind === 'goal') goal = true;
    else if (maySend(hands, effect)) send(hands, effect);
  }
  return {
    writes: hands.observe || hands.foreign ? [] : writes,
    seen: hands.playing ? seen : [],
    goal: goal && hands.playing,
  };
};
