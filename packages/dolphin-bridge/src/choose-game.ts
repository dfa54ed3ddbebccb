import { CausewayError } from '@causeway/protocol/errors';
import type { Sightings } from './access/dolphin-source.js';
import { listingOf, type Probe, type RunningGame } from './dolphin-probe.js';
import { romOf } from './game-facts.js';
import { pidUri, type Target } from './target.js';

const START = 'Start Dolphin and load the game; nothing has to be set up in it.';

const fits = (target: Target, { game, arena }: RunningGame): boolean => {
  if (target.kind === 'game') return game.id?.toUpperCase() === target.id;
  return target.kind !== 'pid' || arena.pid === target.pid;
};

/**
 * The only game that fits the target; `undefined` while the only reason for having none is that a game is starting.
 *
 * Throws `device_ambiguous` with the choices (never a guess between two), `device_forbidden`, `device_not_found`.
 */
export const chooseGame = (
  probes: readonly Probe[],
  target: Target,
  blind: Sightings['blind'],
): RunningGame | undefined => {
  const running = probes.filter((probe) => probe.kind === 'running');
  const [only, ...others] = running.filter((game) => fits(target, game));
  if (only && others.length > 0) throw ambiguous([only, ...others]);
  if (only) return only;
  if (probes.some(({ kind }) => kind === 'starting')) return undefined;
  throw reasonForNone(probes, running, target, blind);
};

const nameOf = ({ arena, game }: RunningGame): string => {
  const { title = 'a program without id' } = romOf(game, arena.image);
  return `${pidUri(arena.pid)} (${title})`;
};

const ambiguous = (games: readonly RunningGame[]): CausewayError =>
  new CausewayError('device_ambiguous', `${games.length} games run in Dolphin: ${games.map(nameOf).join(', ')}.`, {
    fix: `Choose one with --device: ${games.map(({ arena }) => pidUri(arena.pid)).join(' or ')}.`,
    context: { choices: games.map(listingOf) },
  });

const reasonForNone = (
  probes: readonly Probe[],
  running: readonly RunningGame[],
  target: Target,
  blind: Sightings['blind'],
): CausewayError => {
  const context = { findings: probes.map(listingOf) };
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
