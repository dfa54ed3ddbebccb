import { setMaxListeners } from 'node:events';
import {
  type CallOptions,
  createLinkedDevice,
  type Device,
  type DeviceListing,
  type Driver,
  type OpenOptions,
  withDeadline,
} from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { RETROARCH_PORT } from '@causeway/protocol/retroarch';
import { chooseListing } from '../choose-listing.js';
import { type Endpoint, parseEndpoint } from '../endpoint.js';
import { type Identified, identify } from './identify.js';
import { listingOf, probeRetroArch, type ReadyProbe } from './probe.js';
import { RetroArchLink } from './retroarch-link.js';
import { configureRetroArch, type RetroArchConfig, type RetroArchOptions } from './retroarch-options.js';

const WORDS = {
  nothing: 'No RetroArch answers on the ports looked at.',
  fix: 'Start RetroArch with the game, and switch on Settings > Network > Network Commands.',
};

/**
 * Reaches games in RetroArch over its network commands, with nothing in between: SNES with a bsnes-mercury core, Game Boy (Color)
 * with gambatte or mGBA, Game Boy Advance with mGBA.
 *
 * Targets: `retroarch://HOST[:PORT]`; without one, the only RetroArch with a game on the ports looked at.
 */
export const createRetroArchDriver = (options: RetroArchOptions = {}): Driver => {
  const config = configureRetroArch(options);
  const detect: Driver['detect'] = (call) => listAll(config, call);
  return {
    kind: 'retroarch',
    detect,
    open: async (target, open = {}) => {
      const { signal } = open;
      const uri = target ?? chooseListing(await detect(signal ? { signal } : {}), WORDS).uri;
      const timeoutMs = open.timeoutMs ?? config.times.openMs;
      const until = config.clock.now() + timeoutMs;
      const probe = await probeRetroArch(parseRetroArchUri(uri), config, { timeoutMs, signal });
      if (probe.state !== 'ready') throw probe.error;
      return openOn(probe, config, { ...open, timeoutMs: Math.max(0, until - config.clock.now()) });
    },
  };
};

const listAll = async (
  config: RetroArchConfig,
  { signal, timeoutMs = config.times.detectMs }: CallOptions = {},
): Promise<readonly DeviceListing[]> => {
  signal?.throwIfAborted();
  // Every place is looked at with a listener of its own. On the caller's signal many would pass for a leak.
  const own = new AbortController();
  setMaxListeners(0, own.signal);
  const stop = (): void => own.abort(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const limits = { timeoutMs: Math.min(config.times.detectMs, timeoutMs), signal: own.signal };
    const listings = await Promise.all(config.endpoints.map((endpoint) => listed(endpoint, config, limits)));
    return listings.filter((listing) => listing !== undefined);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
};

/** Lets go of each as soon as it was seen: looking at the others may fail. */
const listed = async (
  endpoint: Endpoint,
  config: RetroArchConfig,
  limits: Parameters<typeof probeRetroArch>[2],
): Promise<DeviceListing | undefined> => {
  const probe = await probeRetroArch(endpoint, config, limits);
  if (probe.state === 'ready') probe.channel.close();
  return listingOf(probe, config.systems);
};

/** Reads `retroarch://HOST[:PORT]`; throws `usage` for anything else. */
export const parseRetroArchUri = (target: string): Endpoint => {
  const text = /^retroarch:\/\/(?<place>[^/?#@]+)\/?$/.exec(target)?.groups?.['place'];
  const endpoint = text === undefined ? undefined : parseEndpoint(text, RETROARCH_PORT);
  if (endpoint) return endpoint;
  throw new CausewayError('usage', `"${target}" names no RetroArch. Give retroarch://HOST:PORT.`, {
    context: { target },
  });
};

const openOn = async (
  probe: ReadyProbe,
  config: RetroArchConfig,
  open: OpenOptions & { readonly timeoutMs: number },
): Promise<Device> => {
  const { channel, status, uri } = probe;
  const { clock } = config;
  const controller = new AbortController();
  const late = (): CausewayError =>
    new CausewayError('device_timeout', `RetroArch at ${uri} did not answer questions on its memory in time.`);
  try {
    const looking = identify(channel, status, controller.signal);
    const found = await withDeadline(looking, { clock, timeoutMs: open.timeoutMs, signal: open.signal }, late);
    refuseOther(found, config);
    return deviceOf(probe, found, config, open);
  } catch (error) {
    controller.abort(error);
    channel.close();
    throw error;
  }
};

const refuseOther = ({ map, rom }: Identified, { systems }: RetroArchConfig): void => {
  if (!systems || systems.has(map.system)) return;
  const wanted = [...systems].join(', ');
  throw new CausewayError('device_incompatible', `RetroArch runs ${rom.title}, a game for ${map.system}.`, {
    context: { system: map.system, wanted },
    fix: `Load a game for ${wanted}.`,
  });
};

const deviceOf = (
  { channel, status, uri, version }: ReadyProbe,
  { map, rom }: Identified,
  config: RetroArchConfig,
  { logger = config.logger, onStatus }: OpenOptions,
): Device =>
  createLinkedDevice({
    info: {
      driver: 'retroarch',
      uri,
      system: map.system,
      rom,
      domains: map.domains,
      capabilities: new Set(['framePaced', 'message']),
      peer: `RetroArch ${version} (${status.system})`,
    },
    link: new RetroArchLink({ channel, map, status, rom, clock: config.clock }),
    clock: config.clock,
    logger,
    times: config.deviceTimes,
    ...(onStatus ? { onStatus } : {}),
  });
