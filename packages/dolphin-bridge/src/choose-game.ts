import { CausewayError } from '@causeway/protocol/errors';
import type { Sightings } from './access/dolphin-source.js';
import { listingOf, type Probe, type RunningGame } from './dolphin-probe.js';
import { romOf } from './game-facts.js';
import { type Target, uriOf } from './target.js';

const START = 'Start Dolphin and load the game; nothing has to be set up in it.';

const fits = (target: Target, { game }: RunningGame): boolean =>
  target.kind !== 'game' || game.id?.toUpperCase() === target.id;

/**
 * The only game that fits the target; `undefined` while a game that is starting may turn out to be it, or another one.
 *
 * @param late whether there is no more time to wait for games that are starting
 * Throws `device_ambiguous` with the choices (never a guess between two), `device_forbidden`, `device_not_found`.
 */
export const chooseGame = (
  probes: readonly Probe[],
  target: Target,
  blind: Sightings['blind'],
  late: boolean,
): RunningGame | undefined => {
  const running = probes.filter((probe) => probe.kind === 'running');
  const [only, ...others] = running.filter((game) => fits(target, game));
  if (only && others.length > 0) throw ambiguous([only, ...others]);
  const undecided = probes.some(isUndecided);
  if (undecided && !late) return undefined;
  if (only) return only;
  if (undecided) throw starting();
  throw reasonForNone(probes, running, target, blind);
};

/** It may still say which game it is. */
const isUndecided = (probe: Probe): boolean =>
  probe.kind === 'starting' || (probe.kind === 'running' && !probe.game.settled);

export const starting = (): CausewayError =>
  new CausewayError('device_timeout', 'The game in Dolphin is still starting.', {
    fix: 'Wait until the game shows something; then it is found by itself.',
  });

const nameOf = ({ arena, game }: RunningGame): string => {
  const { title = 'a program without id' } = romOf(game, arena.image);
  return `${uriOf(arena)} (${title})`;
};

const ambiguous = (games: readonly RunningGame[]): CausewayError =>
  new CausewayError('device_ambiguous', `${games.length} games run in Dolphin: ${games.map(nameOf).join(', ')}.`, {
    fix: `Choose one with --device: ${games.map(({ arena }) => uriOf(arena)).join(' or ')}.`,
    context: { choices: games.map(listingOf) },
  });

const reasonForNone = (
  probes: readonly Probe[],
  running: readonly RunningGame[],
  target: Target,
  blind: Sightings['blind'],
): CausewayError => {
  // One finding is what the message says.
  const context = probes.length > 1 ? { findings: probes.map(listingOf) } : {};
  const closed = probes.find((probe) => probe.kind === 'closed');
  if (closed) return withContext(closed.error, context);
  const forbidden = probes.find((probe) => probe.kind === 'forbidden');
  if (forbidden) return new CausewayError('device_forbidden', forbidden.message, { fix: forbidden.fix, context });
  if (target.kind === 'game' && running.length > 0) {
    const names = running.map(nameOf).join(', ');
    return notFound(
      `No Dolphin runs ${target.id}; running: ${names}.`,
      `Load ${target.id}, or choose another.`,
      context,
    );
  }
  const idle = probes.find((probe) => probe.kind === 'idle');
  if (idle) return notFound(`Dolphin (pid ${idle.pid}) is open, but no game is running.`, 'Start the game.', context);
  if (target.kind === 'pid') return noProcess(target.pid, context);
  if (blind) return notFound(blind.message, blind.fix, context);
  return notFound('Dolphin is not running.', START, context);
};

const withContext = (cause: CausewayError, context: Readonly<Record<string, unknown>>): CausewayError =>
  new CausewayError(cause.code, cause.message, { fix: cause.fix, cause, context });

const noProcess = (pid: number, context: Readonly<Record<string, unknown>>): CausewayError =>
  notFound(
    `There is no game in process ${pid}.`,
    `${START} Its number changes with every start: dolphin://game/GAMEID stays, and without --device the only game is taken.`,
    context,
  );

const notFound = (message: string, fix: string, context: Readonly<Record<string, unknown>>): CausewayError =>
  new CausewayError('device_not_found', message, { fix, context });
