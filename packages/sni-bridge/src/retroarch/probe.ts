import { type DeviceListing, withDeadline } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { isAtLeast, OLDEST_VERSION } from '@causeway/protocol/retroarch';
import { type Endpoint, endpointText } from '../endpoint.js';
import { RetroArchChannel } from './channel.js';
import { crcText, type LoadedStatus, systemsOf } from './identify.js';
import type { RetroArchConfig } from './retroarch-options.js';

export interface ReadyProbe {
  readonly state: 'ready';
  readonly uri: string;
  readonly channel: RetroArchChannel;
  readonly version: string;
  readonly status: LoadedStatus;
}

export interface UnusableProbe {
  readonly state: Exclude<DeviceListing['state'], 'ready'> | 'absent';
  readonly uri: string;
  readonly version?: string;
  readonly error: CausewayError;
}

export type Probe = ReadyProbe | UnusableProbe;

const START =
  'Start RetroArch with the game, and switch on Settings > Network > Network Commands there (the port is 55355).';

export const uriOf = (endpoint: Endpoint): string => `retroarch://${endpointText(endpoint)}`;

/** Asks for version and status, which disturbs nobody. The channel of a ready one is the caller's to close. */
export const probeRetroArch = async (
  endpoint: Endpoint,
  config: RetroArchConfig,
  limits: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<Probe> => {
  const { clock, logger, socketFactory } = config;
  const uri = uriOf(endpoint);
  const channel = new RetroArchChannel({ endpoint, createSocket: socketFactory, clock, logger });
  const controller = new AbortController();
  const late = (): CausewayError =>
    new CausewayError('device_timeout', `Nothing answers RetroArch's commands at ${endpointText(endpoint)}.`);
  try {
    const probe = await withDeadline(lookAt(uri, channel, controller.signal), { clock, ...limits }, late);
    if (probe.state !== 'ready') channel.close();
    return probe;
  } catch (caught) {
    controller.abort(caught);
    channel.close();
    limits.signal?.throwIfAborted();
    return { state: 'absent', uri, error: notFound(endpoint, CausewayError.from(caught)) };
  }
};

const lookAt = async (uri: string, channel: RetroArchChannel, signal: AbortSignal): Promise<Probe> => {
  const asks = channel.ask([{ kind: 'version' }, { kind: 'status' }]);
  const [first, second] = asks;
  // The oldest versions know no status: what they are must not wait for one.
  await channel.answered([first], signal);
  const version = first.reply?.kind === 'version' ? first.reply.version : '';
  if (!isAtLeast(version, OLDEST_VERSION)) {
    return { state: 'incompatible', uri, version, error: tooOld(version) };
  }
  await channel.answered(asks, signal);
  const status = second.reply?.kind === 'status' ? second.reply.status : undefined;
  if (!status || status.state === 'contentless') return { state: 'silent', uri, version, error: noGame(uri) };
  return { state: 'ready', uri, channel, version, status };
};

const notFound = (endpoint: Endpoint, { code, message, context }: CausewayError): CausewayError => {
  const refused = `No RetroArch listens at ${endpointText(endpoint)} (${context['problem']}).`;
  return new CausewayError('device_not_found', code === 'device_lost' ? refused : message, {
    context: { uri: uriOf(endpoint) },
    fix: START,
  });
};

const tooOld = (version: string): CausewayError =>
  new CausewayError('device_incompatible', `RetroArch ${version} is too old: its memory commands are not reliable.`, {
    context: { version, oldest: OLDEST_VERSION },
    fix: `Update RetroArch to ${OLDEST_VERSION} or later.`,
  });

const noGame = (uri: string): CausewayError =>
  new CausewayError('device_not_found', `RetroArch runs (${uri}), but no game is loaded.`, {
    context: { uri },
    fix: 'Load the game in RetroArch, with a bsnes-mercury core for SNES.',
  });

/** For the list; nothing where nothing is. `systems`: what is wanted, everything when absent. */
export const listingOf = (probe: Probe, systems: ReadonlySet<string> | undefined): DeviceListing | undefined => {
  if (probe.state === 'absent') return undefined;
  const { uri } = probe;
  const peer = probe.version === undefined ? 'RetroArch' : `RetroArch ${probe.version}`;
  if (probe.state !== 'ready') {
    return { uri, driver: 'retroarch', state: probe.state, peer, detail: `${probe.error.message} ${probe.error.fix}` };
  }
  const { status } = probe;
  const possible = systemsOf(status);
  const [system] = possible;
  const core = `${peer} (${status.system})`;
  const rom = { hash: crcText(status), title: status.content };
  const sure = system !== undefined && possible.length === 1 ? { system, rom: { system, ...rom } } : {};
  const found = { uri, driver: 'retroarch', peer: core, ...sure };
  if (!systems || possible.length === 0 || possible.some((each) => systems.has(each)))
    return { ...found, state: 'ready' };
  return { ...found, state: 'incompatible', detail: `It runs a game for ${possible.join(' or ')}.` };
};
