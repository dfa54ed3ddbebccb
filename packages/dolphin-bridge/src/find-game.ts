import type { Clock } from '@causeway/bridge';
import type { OpenOptions } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess } from './access/arena-access.js';
import { chooseGame, starting } from './choose-game.js';
import type { DolphinConfig } from './dolphin-options.js';
import { closeProbes, type Probe, probeSightings, type RunningGame } from './dolphin-probe.js';
import { type GameFacts, inspectGame } from './game-facts.js';
import { formatGdbUri, type GdbEndpoint } from './gdb/gdb-endpoint.js';
import type { Target } from './target.js';

/** How often is looked again while a game starts, in milliseconds. */
const AGAIN_MS = 50;

/** The game to open, if need be after waiting for it to start. Its memory is open. Rejects as {@link chooseGame} throws. */
export const findGame = async (
  target: Target,
  { source, clock, times }: DolphinConfig,
  { signal, timeoutMs = times.startMs }: OpenOptions,
): Promise<RunningGame> => {
  const end = clock.now() + Math.min(timeoutMs, times.startMs);
  const pid = target.kind === 'pid' ? target.pid : undefined;
  for (;;) {
    const { found, blind } = await (await source()).find({ pid, signal });
    const probes = await probeSightings(found, signal);
    const late = clock.now() >= end;
    const chosen = await keepOnly(probes, () => chooseGame(probes, target, blind, late));
    if (chosen) return chosen;
    await clock.sleep(AGAIN_MS, signal);
  }
};

/** What is chosen stays open, all others are closed. */
const keepOnly = async (
  probes: readonly Probe[],
  choose: () => RunningGame | undefined,
): Promise<RunningGame | undefined> => {
  let chosen: RunningGame | undefined;
  try {
    chosen = choose();
    return chosen;
  } finally {
    await closeProbes(probes.filter((probe) => probe !== chosen));
  }
};

/** Milliseconds for connecting, for the halted beginning, and for the game to say who it is. */
const DEBUGGER_MS = 20_000;

/** The game behind a debugger connection. Dolphin takes one connection, once, so this one must stay while the game starts. */
export const openDebugger = async (
  endpoint: GdbEndpoint,
  { clock, times, logger }: DolphinConfig,
  { signal, timeoutMs = DEBUGGER_MS }: OpenOptions,
): Promise<RunningGame> => {
  const { createGdbSource } = await import('./gdb/gdb-source.js');
  const uri = formatGdbUri(endpoint);
  const { found } = await createGdbSource({ endpoint, clock, logger }).find({ signal });
  const arena = found.find((sighting) => sighting.kind === 'arena');
  if (!arena) {
    throw new CausewayError('device_not_found', `No Dolphin waits for its debugger at ${uri}.`, {
      fix: 'Start the game with the debugger socket: Dolphin’s setting GDBSocket.',
    });
  }
  const late = new AbortController();
  const cancel = clock.after(timeoutMs, () => late.abort(starting()));
  try {
    const limit = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
    const access = await arena.open(limit);
    const game = await whenSettled(access, clock, times.startMs, limit);
    return { kind: 'running', arena: { ...arena, uri }, access, game };
  } finally {
    cancel();
  }
};

/** What runs there, once it has said so, or has had the time to. The access is closed on failure. */
const whenSettled = async (
  access: ArenaAccess,
  clock: Clock,
  startMs: number,
  signal: AbortSignal,
): Promise<GameFacts> => {
  const end = clock.now() + startMs;
  try {
    for (;;) {
      const game = await inspectGame(access, signal);
      const late = clock.now() >= end;
      if (game && (game.settled || late)) return game;
      if (late) throw starting();
      await clock.sleep(AGAIN_MS, signal);
    }
  } catch (error) {
    await access.close();
    throw error;
  }
};
