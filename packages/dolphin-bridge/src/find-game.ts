import type { OpenOptions } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import type { DolphinArena } from './access/dolphin-source.js';
import { chooseGame, starting } from './choose-game.js';
import type { DolphinConfig } from './dolphin-options.js';
import { closeProbes, type Probe, probeSightings, type RunningGame } from './dolphin-probe.js';
import { inspectGame } from './game-facts.js';
import type { GdbEndpoint } from './gdb/gdb-endpoint.js';
import type { Target } from './target.js';

/** How often is looked again while a game starts, in milliseconds. */
const AGAIN_MS = 50;

/** The game to open, if need be after waiting for it to start. Its memory is open. Rejects as {@link chooseGame} throws. */
export const findGame = async (
  target: Target,
  { source, clock, times }: DolphinConfig,
  { signal, timeoutMs = times.startMs }: OpenOptions,
): Promise<RunningGame> => {
  const end = clock.now() + timeoutMs;
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

/** The game behind a debugger connection. Dolphin takes one connection, once, so this one must stay while the game starts. */
export const openDebugger = async (
  endpoint: GdbEndpoint,
  { clock, times, logger }: DolphinConfig,
  { signal, timeoutMs = times.startMs }: OpenOptions,
): Promise<RunningGame> => {
  const { createGdbSource, formatGdbUri } = await import('./gdb/index.js');
  const uri = formatGdbUri(endpoint);
  const { found } = await createGdbSource({ endpoint, clock, logger }).find({ signal });
  const arena = found.find(({ kind }) => kind === 'arena') as DolphinArena | undefined;
  if (!arena) {
    throw new CausewayError('device_not_found', `No Dolphin waits for its debugger at ${uri}.`, {
      fix: 'Start the game with the debugger socket, from here or by Dolphin’s setting GDBSocket.',
    });
  }
  const access = await arena.open(signal);
  try {
    const end = clock.now() + timeoutMs;
    for (;;) {
      const game = await inspectGame(access, signal);
      const late = clock.now() >= end;
      if (game && (game.settled || late)) return { kind: 'running', arena: { ...arena, uri }, access, game };
      if (late) throw starting();
      await clock.sleep(AGAIN_MS, signal);
    }
  } catch (error) {
    await access.close();
    throw error;
  }
};
