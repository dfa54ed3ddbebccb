import type { Device, DeviceListing, Driver, OpenOptions } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { openBizHawkDevice, plainCause } from './bizhawk-device.js';
import { type BizHawkConfig, type BizHawkOptions, configure } from './bizhawk-options.js';
import { openCommLink } from './comm-link.js';
import { listingOf, type Probe, probePatiently, type ReadyProbe, type UnusableProbe } from './discovery.js';
import type { Identity } from './identify.js';
import type { Link } from './link.js';
import { RequestChannel } from './request-channel.js';
import { parseTarget } from './target.js';

/**
 * Reaches emulators through a connector script: BizHawk's own or the reference one, and every emulator ours runs in.
 *
 * Targets: `bizhawk://HOST:PORT` dials a script that listens; `bizhawk://HOST` looks at every port there;
 * `comm://127.0.0.1:PORT` listens for an emulator that calls out.
 */
export const createBizHawkDriver = (options: BizHawkOptions = {}): Driver => {
  const config = configure(options);
  return {
    kind: 'bizhawk',
    detect: async (call = {}) => {
      const timeoutMs = Math.min(config.times.detectMs, call.timeoutMs ?? config.times.detectMs);
      const probes = await probeAll(config.host, config.ports, config, timeoutMs, call.signal);
      await closeAll(probes);
      return probes.map(listingOf).filter((listing): listing is DeviceListing => listing !== undefined);
    },
    open: async (text, open = {}) => {
      const target = parseTarget(text);
      if (target.kind === 'comm') return openComm(target.host, target.port, config, open);
      const host = target.kind === 'bizhawk' ? target.host : config.host;
      const ports = target.kind === 'bizhawk' && target.port !== undefined ? [target.port] : config.ports;
      const patience = ports.length === 1 ? config.times.openMs : config.times.detectMs;
      const probes = await probeAll(host, ports, config, open.timeoutMs ?? patience, open.signal);
      const { uri, link, identity } = await choose(probes, ports);
      return openOn(link, uri, identity, config, open);
    },
  };
};

const probeAll = async (
  host: string,
  ports: readonly number[],
  { clock, maxLineBytes }: BizHawkConfig,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<readonly Probe[]> => {
  const probes = await Promise.allSettled(
    ports.map((port) => probePatiently(port, { host, clock, timeoutMs, maxLineBytes, signal })),
  );
  const done = probes.filter((probe) => probe.status === 'fulfilled').map(({ value }) => value);
  const failed = probes.find((probe) => probe.status === 'rejected');
  if (!failed) return done;
  await closeAll(done);
  throw failed.reason;
};

const closeAll = async (probes: readonly Probe[]): Promise<void> => {
  await Promise.all(probes.map((probe) => (probe.state === 'ready' ? probe.link.close() : undefined)));
};

/** The only ready one, on the connection that identified it. */
const choose = async (probes: readonly Probe[], ports: readonly number[]): Promise<ReadyProbe> => {
  const ready = probes.filter((probe) => probe.state === 'ready');
  const [only, ...others] = ready;
  if (only && others.length === 0) return only;
  await closeAll(probes);
  if (!only) throw notFound(probes, ports);
  const choices = ready.map(listingOf);
  const names = ready.map(({ uri, identity }) => `${uri} (${identity.system} ${identity.hash.slice(0, 8)})`).join(', ');
  throw new CausewayError('device_ambiguous', `${ready.length} emulators are running: ${names}.`, {
    context: { choices },
  });
};

/** Why none can be used: the state that most likely is the one the player is looking at. */
const notFound = (probes: readonly Probe[], ports: readonly number[]): CausewayError => {
  const unusable = probes.filter((probe): probe is UnusableProbe => probe.state !== 'ready');
  const findings = unusable.map(({ uri, state, detail }) => ({ uri, state, detail }));
  const [first] = unusable;
  if (first && ports.length === 1) return withFindings(first.error, findings);
  for (const state of ['busy', 'silent', 'incompatible'] as const) {
    const found = unusable.find((probe) => probe.state === state);
    if (found) return withFindings(found.error, findings);
  }
  const there = unusable.filter(({ state }) => state !== 'absent').map(({ uri, detail }) => `${uri}: ${detail}`);
  const rest = there.length > 0 ? ` ${there.join('; ')}.` : '';
  return new CausewayError('device_not_found', `No emulator is listening on ports ${ports.join(', ')}.${rest}`, {
    context: { findings },
  });
};

const withFindings = (error: CausewayError, findings: readonly unknown[]): CausewayError =>
  new CausewayError(error.code, error.message, { cause: error.cause, context: { ...error.context, findings } });

const openComm = async (host: string, port: number, config: BizHawkConfig, open: OpenOptions): Promise<Device> => {
  const { link, identity } = await openCommLink(host, port, config, open);
  return openOn(link, link.uri, identity, config, open);
};

const openOn = async (
  link: Link,
  uri: string,
  identity: Identity,
  config: BizHawkConfig,
  { signal, timeoutMs, logger = config.logger, onStatus }: OpenOptions,
): Promise<Device> => {
  const { clock, times } = config;
  const channel = new RequestChannel(link, { clock, times, logger, onStatus });
  const limits = identity.causeway ? config.causewayLimits : config.plainLimits;
  const strictLines = uri.startsWith('comm:');
  try {
    return await openBizHawkDevice(
      { uri, channel, identity, limits, now: () => clock.now(), strictLines },
      { timeoutMs: timeoutMs ?? times.openMs, ...(signal ? { signal } : {}) },
    );
  } catch (error) {
    await channel.close();
    throw plainCause(error);
  }
};
