import type { DeviceListing } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess } from './access/arena-access.js';
import type { DolphinArena, DolphinSighting, ForbiddenDolphin, IdleDolphin } from './access/dolphin-source.js';
import { type GameFacts, inspectGame, romOf } from './game-facts.js';
import { uriOf } from './target.js';

/** A game that can be opened, with its memory already open. */
export interface RunningGame {
  readonly kind: 'running';
  readonly arena: DolphinArena;
  readonly access: ArenaAccess;
  readonly game: GameFacts;
}
/** Its memory is there, itself it is not yet. */
export interface StartingGame {
  readonly kind: 'starting';
  readonly arena: DolphinArena;
}
/** It can be seen and not be opened. */
interface ClosedGame {
  readonly kind: 'closed';
  readonly arena: DolphinArena;
  readonly error: CausewayError;
}
export type Probe = RunningGame | StartingGame | ClosedGame | IdleDolphin | ForbiddenDolphin;

/** Opens what was found far enough to say what runs in it. What is over already is left out. Rejects with `signal.reason` only. */
export const probeSightings = async (
  found: readonly DolphinSighting[],
  signal: AbortSignal | undefined,
): Promise<readonly Probe[]> => {
  const probes = await Promise.all(found.map((each) => (each.kind === 'arena' ? probeArena(each, signal) : each)));
  if (!signal?.aborted) return probes.filter((probe) => probe !== undefined);
  await closeProbes(probes.filter((probe) => probe !== undefined));
  throw signal.reason;
};

/** Never rejects. */
const probeArena = async (arena: DolphinArena, signal: AbortSignal | undefined): Promise<Probe | undefined> => {
  let access: ArenaAccess | undefined;
  try {
    access = await arena.open(signal);
    const game = await inspectGame(access, signal);
    if (game) return { kind: 'running', arena, access, game };
    await access.close();
    return { kind: 'starting', arena };
  } catch (caught) {
    await access?.close();
    const error = CausewayError.from(caught);
    return signal?.aborted || error.code === 'device_lost' ? undefined : { kind: 'closed', arena, error };
  }
};

export const closeProbes = async (probes: readonly Probe[]): Promise<void> => {
  await Promise.all(probes.map((probe) => (probe.kind === 'running' ? probe.access.close() : undefined)));
};

/** The program on the other side, for people; several are told apart by their user folders. */
export const peerOf = (dolphin: DolphinArena | IdleDolphin): string => {
  const facts = [
    dolphin.process,
    ...(dolphin.pid > 0 ? [`pid ${dolphin.pid}`] : []),
    ...(dolphin.kind === 'arena' && dolphin.userFolder !== undefined ? [dolphin.userFolder] : []),
  ];
  return `Dolphin (${facts.join(', ')})`;
};

type Facts = Omit<DeviceListing, 'uri' | 'driver'>;

const factsOf = (probe: Probe): Facts => {
  switch (probe.kind) {
    case 'running': {
      const { arena, game } = probe;
      return { state: 'ready', system: game.layout.system, rom: romOf(game, arena.image), peer: peerOf(arena) };
    }
    case 'starting':
      return { state: 'silent', peer: peerOf(probe.arena), detail: 'the game is starting' };
    case 'closed':
      return { state: 'incompatible', peer: peerOf(probe.arena), detail: `${probe.error.message} ${probe.error.fix}` };
    case 'idle':
      return { state: 'silent', peer: peerOf(probe), detail: 'open, but no game is running' };
    case 'forbidden':
      return { state: 'incompatible', detail: `${probe.message} ${probe.fix}` };
  }
};

/** A probe as `devices` lists it. */
export const listingOf = (probe: Probe): DeviceListing => ({
  uri: uriOf('arena' in probe ? probe.arena : probe),
  driver: 'dolphin',
  ...factsOf(probe),
});
