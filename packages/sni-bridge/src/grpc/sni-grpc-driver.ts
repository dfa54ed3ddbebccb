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
import { DeviceCapability, SNI_MIN_DEADLINE_MS, SNI_SERVICES, type SniDevice } from '@causeway/protocol/sni';
import { chooseListing } from '../choose-listing.js';
import { type Endpoint, endpointText } from '../endpoint.js';
import { identifyConsole } from './identify-console.js';
import { SniClient } from './sni-client.js';
import { can, findDevice, listingOf, peerOf } from './sni-console.js';
import { SniLink } from './sni-link.js';
import { SniMemory } from './sni-memory.js';
import { configureSniGrpc, type SniGrpcConfig, type SniGrpcOptions } from './sni-options.js';
import { parseSniUri, sniUri } from './sni-target.js';

/** Lists that a console may be missing from: SNI leaves out what is slow to answer. */
const LISTS_LOOKED_AT = 3;

/**
 * Reaches consoles through SNI's gRPC services.
 *
 * Targets: `sni://HOST[:PORT]/?device=URI` with a device's URI as SNI lists it; `sni://HOST[:PORT]` for the only one it has.
 */
export const createSniGrpcDriver = (options: SniGrpcOptions = {}): Driver => {
  const config = configureSniGrpc(options);
  return {
    kind: 'sni',
    detect: async ({ signal, timeoutMs = config.times.detectMs } = {}) => {
      const patience = { timeoutMs: Math.min(timeoutMs, config.times.detectMs), signal };
      return (await Promise.all(config.endpoints.map((endpoint) => look(endpoint, config, patience)))).flat();
    },
    open: async (uri, open = {}) => {
      const [endpoint] = config.endpoints;
      const target = uri === undefined ? endpoint && { endpoint } : parseSniUri(uri);
      if (!target) throw new CausewayError('device_not_found', 'No address of SNI is given.');
      const client = new SniClient(target.endpoint);
      const late = (): CausewayError =>
        new CausewayError(
          'device_timeout',
          `SNI at ${endpointText(target.endpoint)} did not open the console in time.`,
        );
      const limits = { clock: config.clock, timeoutMs: open.timeoutMs ?? config.times.openMs, signal: open.signal };
      try {
        const chosen = chooseDevice(client, target.endpoint, target.device, config, open.signal);
        const opened = chosen.then((device) => openOn(client, device, target.endpoint, config, open));
        return await withDeadline(opened, limits, late);
      } catch (error) {
        client.close();
        throw explain(error, target.endpoint);
      }
    },
  };
};

interface Patience {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What one SNI has, or why it says nothing. Nothing listening there is nothing. */
const look = async (
  endpoint: Endpoint,
  config: SniGrpcConfig,
  patience: Patience,
): Promise<readonly DeviceListing[]> => {
  patience.signal?.throwIfAborted();
  const client = new SniClient(endpoint);
  const late = (): CausewayError => new CausewayError('device_timeout', 'it did not answer in time');
  try {
    const devices = await withDeadline(list(client, SNI_MIN_DEADLINE_MS), { clock: config.clock, ...patience }, late);
    if (devices.length > 0) return devices.map((device) => listingOf(device, endpoint));
    return [{ uri: sniUri({ endpoint }), driver: 'sni', state: 'silent', peer: 'SNI', detail: NO_CONSOLE }];
  } catch (error) {
    if (patience.signal?.aborted) throw patience.signal.reason;
    const { code, message, context } = CausewayError.from(error);
    if (code === 'device_lost' && isAbsent(context)) return [];
    const state = code === 'device_timeout' ? 'silent' : 'foreign';
    return [{ uri: sniUri({ endpoint }), driver: 'sni', state, detail: message }];
  } finally {
    client.close();
  }
};

const NO_CONSOLE = 'SNI runs, but sees no console';

/** Whether nothing listens there, as opposed to something that is no SNI. */
const isAbsent = ({ words }: Readonly<Record<string, unknown>>): boolean =>
  /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|Name resolution/i.test(String(words));

/** Where nothing listens there was nothing to lose. */
const explain = (error: unknown, endpoint: Endpoint): unknown => {
  if (!CausewayError.is(error) || error.code !== 'device_lost' || !isAbsent(error.context)) return error;
  return new CausewayError('device_refused', `No SNI takes connections at ${sniUri({ endpoint })}.`, {
    cause: error,
    context: { words: error.context['words'] },
    fix: 'Start SNI and try again. RetroArch and NWA emulators need none.',
  });
};

const list = async (client: SniClient, timeoutMs: number): Promise<readonly SniDevice[]> =>
  (await client.call(SNI_SERVICES.Devices.ListDevices, {}, { timeoutMs })).devices;

const chooseDevice = async (
  client: SniClient,
  endpoint: Endpoint,
  wanted: string | undefined,
  { clock, times }: SniGrpcConfig,
  signal: AbortSignal | undefined,
): Promise<SniDevice> => {
  for (let looked = 1; ; looked++) {
    const devices = await list(client, times.callMs);
    if (wanted === undefined && devices.length > 0) {
      const chosen = chooseListing(
        devices.map((device) => listingOf(device, endpoint)),
        WORDS,
      );
      const device = devices.find(({ uri }) => sniUri({ endpoint, device: uri }) === chosen.uri);
      if (device) return device;
    }
    const found = wanted === undefined ? undefined : findDevice(devices, wanted);
    if (found) return found;
    if (looked >= LISTS_LOOKED_AT) throw notListed(endpoint, wanted, devices);
    await clock.sleep(times.listAgainMs, signal);
  }
};

const WORDS = { nothing: NO_CONSOLE, fix: 'Start the game, and check that the window of SNI lists the console.' };

const notListed = (endpoint: Endpoint, wanted: string | undefined, devices: readonly SniDevice[]): CausewayError => {
  const at = endpointText(endpoint);
  const message = wanted === undefined ? `SNI at ${at} sees no console.` : `SNI at ${at} does not list ${wanted}.`;
  const listed = devices.map(({ uri }) => uri);
  return new CausewayError('device_not_found', message, { context: { endpoint: at, wanted, listed }, fix: WORDS.fix });
};

const openOn = async (
  client: SniClient,
  device: SniDevice,
  endpoint: Endpoint,
  { clock, times, deviceTimes, logger }: SniGrpcConfig,
  open: OpenOptions,
): Promise<Device> => {
  const uri = sniUri({ endpoint, device: device.uri });
  const { rom, mapping, domains, signature, status } = await identifyConsole(client, device, times.callMs);
  const memory = new SniMemory({
    client,
    device: device.uri,
    kind: device.kind,
    mapping,
    domains,
    callMs: times.callMs,
  });
  const link = new SniLink({ uri, client, device: device.uri, memory, clock, times, status, signature, rom });
  const peer = status?.coreName ? `${peerOf(device)}, core ${status.coreName}` : peerOf(device);
  const capabilities = new Set<Capability>(can(device, DeviceCapability.PauseUnpauseEmulation) ? ['pause'] : []);
  return createLinkedDevice({
    info: { driver: 'sni', uri, system: 'SNES', rom, domains: domains.map(plain), capabilities, peer },
    link,
    clock,
    logger: open.logger ?? logger,
    times: deviceTimes,
    ...(open.onStatus ? { onStatus: open.onStatus } : {}),
  });
};

const plain = ({ base: _, ...domain }: { readonly base: number; readonly name: string; readonly size: number }) =>
  domain;
