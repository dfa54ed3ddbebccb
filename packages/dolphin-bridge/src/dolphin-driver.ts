import {
  createLinkedDevice,
  type Device,
  type DeviceInfo,
  type Driver,
  type OpenOptions,
} from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess } from './access/arena-access.js';
import type { DolphinSource } from './access/dolphin-source.js';
import { domainsOf } from './arena/guest-address.js';
import { BusyGames } from './busy-games.js';
import { DolphinLink } from './dolphin-link.js';
import { configure, type DolphinConfig, type DolphinOptions } from './dolphin-options.js';
import { closeProbes, listingOf, peerOf, probeSightings, type RunningGame } from './dolphin-probe.js';
import { findGame, openDebugger } from './find-game.js';
import { romOf } from './game-facts.js';
import { platformSource } from './platform-source.js';
import { parseTarget, uriOf } from './target.js';

/**
 * Reaches GameCube and Wii games in Dolphin through Dolphin's own memory: no script in the emulator, no setting, no rights but being
 * the same user.
 *
 * Targets: `dolphin://pid/PID`; `dolphin://game/GAMEID`, which survives a restart of Dolphin; `dolphin://socket/PATH`, the debugger
 * connection of a Dolphin that was started with one; without a target, the only game that runs.
 */
export const createDolphinDriver = (options: DolphinOptions = {}): Driver => {
  let source: Promise<DolphinSource> | undefined;
  const config = configure(options, () => {
    source ??= platformSource(options);
    return source;
  });
  const busy = new BusyGames();
  return {
    kind: 'dolphin',
    detect: async ({ signal } = {}) => {
      const { found } = await (await config.source()).find({ signal });
      const probes = await probeSightings(found, signal);
      await closeProbes(probes);
      return probes.map(listingOf);
    },
    open: async (text, open = {}) => {
      const target = parseTarget(text);
      const running =
        target.kind === 'debugger'
          ? await openDebugger(target.endpoint, config, open)
          : await findGame(target, config, open);
      return openGame(running, config, busy, open);
    },
  };
};

const openGame = async (
  running: RunningGame,
  config: DolphinConfig,
  busy: BusyGames,
  { signal, logger = config.logger, onStatus }: OpenOptions,
): Promise<Device> => {
  const { arena, access, game } = running;
  const { clock, times } = config;
  let audioRam: ArenaAccess | undefined;
  try {
    await busy.check(arena);
    audioRam = await openAudioRam(running, config, signal);
    signal?.throwIfAborted();
    const info = infoOf(running, audioRam);
    const onBusy = (): void => busy.add(arena);
    const link = new DolphinLink({ arena, access, audioRam, game, rom: info.rom, onBusy, clock, times });
    return createLinkedDevice({ info, link, clock, logger, onStatus, times: config.deviceTimes });
  } catch (error) {
    await access.close();
    await audioRam?.close();
    throw error;
  }
};

const infoOf = ({ arena, access, game }: RunningGame, audioRam: ArenaAccess | undefined): DeviceInfo => {
  const own = domainsOf(game.layout);
  const extra = audioRam ? [{ name: 'ARAM', size: audioRam.size, writable: false }] : [];
  return {
    driver: 'dolphin',
    uri: uriOf(arena),
    system: game.layout.system,
    rom: romOf(game, arena.image),
    domains: [...own.slice(0, -1), ...extra, ...own.slice(-1)],
    capabilities: new Set(),
    peer: `${peerOf(arena)} by ${access.way}`,
  };
};

/** Needs more rights than everything else: where they are missing the device simply has no such domain. */
const openAudioRam = async (
  { arena, game }: RunningGame,
  { logger }: DolphinConfig,
  signal: AbortSignal | undefined,
): Promise<ArenaAccess | undefined> => {
  if (game.layout.system !== 'GC') return undefined;
  try {
    return await arena.openAudioRam?.(signal);
  } catch (error) {
    signal?.throwIfAborted();
    logger.debug('dolphin.no-audio-ram', { reason: CausewayError.from(error).message });
    return undefined;
  }
};
