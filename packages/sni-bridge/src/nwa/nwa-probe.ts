import { type DeviceListing, withDeadline } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import {
  type NwaEmulationStatus,
  type NwaEmulatorInfo,
  readCoreInfo,
  readEmulationStatus,
  readEmulatorInfo,
} from '@causeway/protocol/nwa';
import type { Endpoint } from '../endpoint.js';
import { NwaConnection, nothingThere } from './nwa-connection.js';
import type { NwaConfig } from './nwa-options.js';

/** An emulator with a SNES game, on the very connection over which it was identified. */
export interface ReadyNwaProbe {
  readonly state: 'ready';
  readonly uri: string;
  readonly connection: NwaConnection;
  readonly emulator: NwaEmulatorInfo;
  readonly status: NwaEmulationStatus;
}
export interface UnusableNwaProbe {
  /** `absent`: nothing listens there. */
  readonly state: 'absent' | Exclude<DeviceListing['state'], 'ready'>;
  readonly uri: string;
  readonly error: CausewayError;
  readonly system?: string;
  readonly peer?: string;
}
export type NwaProbe = ReadyNwaProbe | UnusableNwaProbe;

export interface ProbeLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds out what listens at one place, in one connection, which stays open when it is an emulator with a SNES game: the
 * reference server has room for five clients. Asks only what every emulator must answer, and changes nothing.
 *
 * Rejects only with `signal.reason`.
 */
export const probeNwa = async (endpoint: Endpoint, config: NwaConfig, limits: ProbeLimits): Promise<NwaProbe> => {
  limits.signal?.throwIfAborted();
  const connection = new NwaConnection(endpoint, config.socketFactory);
  const { uri } = connection;
  const late = (): CausewayError =>
    new CausewayError('device_timeout', `What listens at ${uri} did not answer in time.`, { context: { uri } });
  try {
    const found = await withDeadline(identify(connection), { clock: config.clock, ...limits }, late);
    if (found.state !== 'ready') await connection.close();
    return found;
  } catch (error) {
    const probe = limits.signal?.aborted ? undefined : classify(connection, CausewayError.from(error));
    await connection.close();
    if (!probe) throw limits.signal?.reason;
    return probe;
  }
};

/** What people read of an emulator: `snes9x-nwa 1.62`. */
export const peerOf = ({ name, version }: NwaEmulatorInfo): string => [name, version].filter(Boolean).join(' ');

const identify = async (connection: NwaConnection): Promise<NwaProbe> => {
  const { uri } = connection;
  const emulator = readEmulatorInfo(await connection.ask({ name: 'EMULATOR_INFO', args: [] }));
  const peer = peerOf(emulator);
  const [statusReply, coreReply] = await Promise.all([
    connection.ask({ name: 'EMULATION_STATUS', args: [] }),
    connection.ask({ name: 'CORE_CURRENT_INFO', args: [] }),
  ]);
  const status = readEmulationStatus(statusReply);
  if (status.state === 'no_game' || status.state === 'stopped')
    return { state: 'silent', uri, peer, error: noGame(uri, peer) };
  const { platform } = readCoreInfo(coreReply);
  const system = platform.toUpperCase();
  if (system !== 'SNES') return { state: 'incompatible', uri, peer, system, error: otherSystem(uri, peer, platform) };
  if (!canRead(emulator)) return { state: 'incompatible', uri, peer, system, error: noMemory(uri, peer) };
  return { state: 'ready', uri, connection, emulator, status };
};

/** An emulator that does not say what it can do is believed to do what ours needs, until it refuses. */
const canRead = ({ commands }: NwaEmulatorInfo): boolean =>
  commands.size === 0 || (commands.has('CORE_READ') && commands.has('CORE_MEMORIES'));

/** A probe as `devices` lists it; nothing where nothing listens. */
export const nwaListing = (probe: NwaProbe): DeviceListing | undefined => {
  const { uri } = probe;
  if (probe.state === 'absent') return undefined;
  if (probe.state === 'ready') {
    const rom = probe.status.game === '' ? {} : { title: probe.status.game };
    const paused = probe.status.state === 'paused' ? { detail: 'paused' } : {};
    const peer = peerOf(probe.emulator);
    return { uri, driver: 'nwa', state: 'ready', system: 'SNES', rom: { system: 'SNES', ...rom }, peer, ...paused };
  }
  const { state, system, peer, error } = probe;
  const detail = `${error.message} ${error.fix}`;
  return { uri, driver: 'nwa', state, ...(system ? { system } : {}), ...(peer ? { peer } : {}), detail };
};

const classify = (connection: NwaConnection, error: CausewayError): UnusableNwaProbe => {
  const { uri } = connection;
  switch (error.code) {
    case 'device_refused':
      return { state: 'absent', uri, error };
    case 'device_lost':
      return connection.received ? { state: 'silent', uri, error } : { state: 'busy', uri, error: full(uri, error) };
    case 'device_timeout':
      // A machine that does not even take the connection is not there, as far as a player is concerned.
      return connection.connected
        ? { state: 'silent', uri, error }
        : { state: 'absent', uri, error: nothingThere({ uri }) };
    default:
      return { state: 'foreign', uri, error: foreign(uri, error) };
  }
};

const noGame = (uri: string, peer: string): CausewayError =>
  new CausewayError('device_timeout', `${peer} at ${uri} runs no game.`, {
    context: { uri },
    fix: 'Load the game in the emulator, then try again.',
  });

const otherSystem = (uri: string, peer: string, platform: string): CausewayError =>
  new CausewayError(
    'device_incompatible',
    `${peer} at ${uri} runs a game for ${platform || 'no known system'}, not SNES.`,
    {
      context: { uri, platform },
      fix: 'Load the SNES game in the emulator.',
    },
  );

const noMemory = (uri: string, peer: string): CausewayError =>
  new CausewayError('device_incompatible', `${peer} at ${uri} does not give access to memory.`, {
    context: { uri },
    fix: 'Update the emulator, or use another one.',
  });

const full = (uri: string, cause: CausewayError): CausewayError =>
  new CausewayError('device_busy', `The emulator at ${uri} hung up at once: it serves as many clients as it can.`, {
    cause,
    context: { uri },
    fix: 'Close a tracker or another client that is connected to this emulator.',
  });

const foreign = (uri: string, cause: CausewayError): CausewayError =>
  new CausewayError('device_foreign', `What listens at ${uri} is no NWA emulator.`, {
    cause,
    context: { uri },
    fix: 'Close the program that holds this port, then start the emulator again.',
  });
