import type { DeviceListing } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import type { AppVersion } from '@causeway/protocol/usb2snes';
import type { Endpoint } from '../endpoint.js';
import { greet, listConsoles } from './greeting.js';
import { usb2SnesUri } from './target.js';
import type { Usb2SnesConfig } from './usb2snes-options.js';
import { withinTime } from './within-time.js';

const DRIVER = 'usb2snes';

/** What became of looking at one server. */
interface Findings {
  app?: AppVersion;
  /** Everything that was in any list. */
  readonly names: Set<string>;
  /** Whether a list came at all. */
  listed: boolean;
}

/**
 * What a server has, attached to nothing. No server there is an empty list.
 *
 * It is asked twice where time allows: its probes have short deadlines, so that a console that is busy drops out of one list
 * and is back in the next.
 */
export const listServer = async (
  endpoint: Endpoint,
  config: Usb2SnesConfig,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<readonly DeviceListing[]> => {
  const findings: Findings = { names: new Set(), listed: false };
  const late = (): Error => new CausewayError('device_timeout', 'The server did not answer in time.');
  try {
    await withinTime({ clock: config.clock, timeoutMs, signal, late }, (own) => look(endpoint, config, findings, own));
  } catch (error) {
    signal?.throwIfAborted();
    return findings.listed ? listingsOf(endpoint, findings) : failedListing(endpoint, CausewayError.from(error));
  }
  return listingsOf(endpoint, findings);
};

const look = async (
  endpoint: Endpoint,
  config: Usb2SnesConfig,
  findings: Findings,
  signal: AbortSignal,
): Promise<void> => {
  const { connection, app } = await greet(endpoint, config, signal);
  findings.app = app;
  try {
    for (let list = 0; list < 2; list++) {
      for (const name of await listConsoles(connection, signal)) findings.names.add(name);
      findings.listed = true;
    }
  } finally {
    await connection.close();
  }
};

const listingsOf = (endpoint: Endpoint, { app, names }: Findings): readonly DeviceListing[] => {
  const peer = app?.text ?? '';
  if (names.size === 0) {
    const detail = 'runs, but sees no console';
    return [{ uri: usb2SnesUri(endpoint), driver: DRIVER, state: 'silent', peer, detail }];
  }
  return [...names].map((device) => ({
    uri: usb2SnesUri({ ...endpoint, device }),
    driver: DRIVER,
    state: 'ready',
    system: 'SNES',
    peer: `${peer}: ${device}`,
  }));
};

const failedListing = (endpoint: Endpoint, { code, message }: CausewayError): readonly DeviceListing[] => {
  const uri = usb2SnesUri(endpoint);
  if (code === 'device_refused') return [];
  if (code === 'device_timeout')
    return [{ uri, driver: DRIVER, state: 'silent', detail: 'takes the connection, but does not answer' }];
  return [{ uri, driver: DRIVER, state: 'foreign', detail: message }];
};
