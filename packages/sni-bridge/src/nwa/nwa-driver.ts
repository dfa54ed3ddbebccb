import { setMaxListeners } from 'node:events';
import {
  type Capability,
  createLinkedDevice,
  type Device,
  type DeviceListing,
  type Driver,
  type OpenOptions,
  withDeadline,
} from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { readCoreMemories } from '@causeway/protocol/nwa';
import { chooseListing } from '../choose-listing.js';
import type { Endpoint } from '../endpoint.js';
import { canPause, NwaLink } from './nwa-link.js';
import { memoriesOf } from './nwa-memories.js';
import { configureNwa, type NwaConfig, type NwaOptions } from './nwa-options.js';
import { nwaListing, type ProbeLimits, peerOf, probeNwa, type ReadyNwaProbe } from './nwa-probe.js';
import { readNwaRom } from './nwa-rom.js';
import { parseNwaUri } from './nwa-target.js';

const WORDS = {
  nothing: 'No NWA emulator listens on the ports looked at.',
  fix: 'Start an emulator with network access (NWA), for example snes9x-emunwa or bsnes-plus, and load the game.',
};

/**
 * Reaches SNES emulators that serve Emulator NetworkAccess, with nothing in between.
 *
 * Targets: `nwa://HOST[:PORT]`; without one, the only emulator with a SNES game on the ports looked at.
 */
export const createNwaDriver = (options: NwaOptions = {}): Driver => {
  const config = configureNwa(options);
  const detect: Driver['detect'] = async ({ signal, timeoutMs } = {}) => {
    const own = signal && AbortSignal.any([signal]);
    // Every place is looked at with a listener of its own, which is no leak.
    if (own) setMaxListeners(config.endpoints.length + 1, own);
    const limits = { timeoutMs: Math.min(config.times.detectMs, timeoutMs ?? config.times.detectMs), signal: own };
    const listings = await Promise.all(config.endpoints.map((endpoint) => listed(endpoint, config, limits)));
    return listings.filter((listing) => listing !== undefined);
  };
  return {
    kind: 'nwa',
    detect,
    open: async (target, open = {}) => {
      const { signal } = open;
      const uri = target ?? chooseListing(await detect(signal ? { signal } : {}), WORDS).uri;
      const { clock, times } = config;
      const timeoutMs = open.timeoutMs ?? times.openMs;
      const end = clock.now() + timeoutMs;
      const probe = await probeNwa(parseNwaUri(uri), config, { timeoutMs, signal });
      if (probe.state !== 'ready') throw probe.error;
      return openOn(probe, config, { ...open, timeoutMs: Math.max(0, end - clock.now()) });
    },
  };
};

/** Lets go of each as soon as it was seen: looking at the others may be called off. */
const listed = async (
  endpoint: Endpoint,
  config: NwaConfig,
  limits: ProbeLimits,
): Promise<DeviceListing | undefined> => {
  const probe = await probeNwa(endpoint, config, limits);
  if (probe.state === 'ready') await probe.connection.close();
  return nwaListing(probe);
};

const openOn = async (
  probe: ReadyNwaProbe,
  config: NwaConfig,
  open: OpenOptions & { readonly timeoutMs: number },
): Promise<Device> => {
  const { uri, connection } = probe;
  const { clock } = config;
  const late = (): CausewayError =>
    new CausewayError('device_timeout', `The emulator at ${uri} did not describe its memory in time.`);
  try {
    const limits = { clock, timeoutMs: open.timeoutMs, signal: open.signal };
    return await withDeadline(describe(probe, config, open), limits, late);
  } catch (error) {
    await connection.close();
    throw error;
  }
};

const describe = async (probe: ReadyNwaProbe, config: NwaConfig, open: OpenOptions): Promise<Device> => {
  const { uri, connection, emulator, status } = probe;
  await connection.ask({ name: 'MY_NAME_IS', args: [config.clientName] });
  const canWrite = emulator.commands.size === 0 || emulator.commands.has('bCORE_WRITE');
  const listed = readCoreMemories(await connection.ask({ name: 'CORE_MEMORIES', args: [] }));
  const { domains, names } = memoriesOf(listed, canWrite);
  if (!names.has('WRAM'))
    throw noWorkRam(
      uri,
      listed.map(({ name }) => name),
    );
  const readRom = () => readNwaRom(connection, domains, names);
  const rom = await readRom();
  const link = new NwaLink({ connection, names, game: status.game, readRom });
  const peer = `${peerOf(emulator)} over NWA`;
  const capabilities = new Set<Capability>(canPause(emulator.commands) ? ['pause'] : []);
  return createLinkedDevice({
    info: { driver: 'nwa', uri, system: 'SNES', rom, domains, capabilities, peer },
    link,
    clock: config.clock,
    logger: open.logger ?? config.logger,
    times: config.deviceTimes,
    ...(open.onStatus ? { onStatus: open.onStatus } : {}),
  });
};

const noWorkRam = (uri: string, memories: readonly string[]): CausewayError =>
  new CausewayError('device_incompatible', `The emulator at ${uri} does not give access to work RAM.`, {
    context: { uri, memories },
    fix: 'Use another core or emulator: this one shows no memory named WRAM.',
  });
