import type { Clock } from '@causeway/bridge';
import { type DeviceListing, withDeadline } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { checkVersion, type Identity, identify, peerOf } from './identify.js';
import { bizhawkUri, TcpLink } from './tcp-link.js';

export interface ProbeOptions {
  readonly host: string;
  readonly clock: Clock;
  /** For everything: connect, version and identity, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxLineBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** A connector that can be used, on the very connection over which it was identified. */
export interface ReadyProbe {
  readonly state: 'ready';
  readonly uri: string;
  readonly link: TcpLink;
  readonly identity: Identity;
}
export interface UnusableProbe {
  /** `absent`: nothing listens there. */
  readonly state: 'absent' | Exclude<DeviceListing['state'], 'ready'>;
  readonly uri: string;
  readonly detail: string;
  readonly error: CausewayError;
}
export type Probe = ReadyProbe | UnusableProbe;

/** A connector needs a frame or two to see that the client before us has left. Milliseconds. */
const LEAVING_MS = [40, 120];

/** Like {@link probePort}, but does not believe at once that another client is connected: it may be leaving. */
export const probePatiently = async (port: number, options: ProbeOptions): Promise<Probe> => {
  const { clock, signal } = options;
  const end = clock.now() + options.timeoutMs;
  let probe = await probePort(port, options);
  for (const pause of LEAVING_MS) {
    if (probe.state !== 'busy' || clock.now() + pause >= end) break;
    await clock.sleep(pause, signal);
    probe = await probePort(port, { ...options, timeoutMs: end - clock.now() });
  }
  return probe;
};

/**
 * Finds out what listens on `port`, in one connection, which stays open when it is a connector ready for use: the
 * reference connector has one slot, and connecting again would lose it.
 *
 * Rejects only with `signal.reason`.
 */
export const probePort = async (port: number, options: ProbeOptions): Promise<Probe> => {
  const { host, signal, clock } = options;
  const uri = bizhawkUri(host, port);
  signal?.throwIfAborted();
  const link = new TcpLink({ host, port, maxLineBytes: options.maxLineBytes });
  const stage: Stage = { versioned: false };
  const late = (): CausewayError => new CausewayError('device_timeout', `Nothing answered at ${uri} in time.`);
  try {
    const identity = await withDeadline(ask(link, stage), { clock, timeoutMs: options.timeoutMs, signal }, late);
    if (identity.system !== '' && identity.system !== 'NULL') return { state: 'ready', uri, link, identity };
    await link.close();
    return unusable(
      uri,
      'silent',
      'no game is loaded',
      new CausewayError('device_timeout', `No game is loaded at ${uri}.`),
    );
  } catch (error) {
    const probe = signal?.aborted ? undefined : classify(uri, link, stage, CausewayError.from(error));
    await link.close();
    if (!probe) throw signal?.reason;
    return probe;
  }
};

/** A probe as `devices` lists it; nothing where nothing listens. */
export const listingOf = (probe: Probe): DeviceListing | undefined => {
  if (probe.state === 'absent') return undefined;
  const { uri, state } = probe;
  if (probe.state !== 'ready') return { uri, driver: 'bizhawk', state, detail: probe.detail };
  const { system, hash } = probe.identity;
  return { uri, driver: 'bizhawk', state, system, rom: { system, hash }, peer: peerOf(probe.identity) };
};

interface Stage {
  versioned: boolean;
}

const ask = async (link: TcpLink, stage: Stage): Promise<Identity> => {
  checkVersion(await link.version, link.uri);
  stage.versioned = true;
  return identify(link);
};

const unusable = (uri: string, state: UnusableProbe['state'], detail: string, error: CausewayError): UnusableProbe => ({
  state,
  uri,
  detail,
  error,
});

const classify = (uri: string, link: TcpLink, stage: Stage, error: CausewayError): UnusableProbe => {
  switch (error.code) {
    case 'device_refused':
      return unusable(uri, 'absent', 'nothing listens here', error);
    case 'device_incompatible':
      return unusable(uri, 'incompatible', error.message, error);
    case 'device_lost':
      return stage.versioned ? lostMidway(uri, error) : closedEarly(uri, link, error);
    case 'device_timeout':
      return overdue(uri, link, stage, error);
    default:
      return unusable(uri, 'foreign', error.message, foreign(uri, error));
  }
};

/** A connector that serves another client closes a further one without a word. */
const closedEarly = (uri: string, link: TcpLink, error: CausewayError): UnusableProbe => {
  if (link.receivedBytes > 0) return unusable(uri, 'foreign', 'answers, but not as a connector', foreign(uri, error));
  const busy = new CausewayError('device_busy', `The emulator at ${uri} serves another client.`, { context: { uri } });
  return unusable(uri, 'busy', 'another client is connected', busy);
};

const lostMidway = (uri: string, error: CausewayError): UnusableProbe =>
  unusable(uri, 'silent', 'went away while it was asked', error);

/**
 * Silence has two causes that look the same from outside: a paused emulator, and the port that the reference connector
 * keeps open beside the one on which it serves somebody else. Neither may be called busy for certain.
 */
const overdue = (uri: string, link: TcpLink, stage: Stage, error: CausewayError): UnusableProbe => {
  if (stage.versioned) return unusable(uri, 'silent', 'is a connector, but stopped answering: paused?', error);
  if (link.receivedBytes > 0) return unusable(uri, 'foreign', 'answers, but not as a connector', foreign(uri, error));
  if (!link.connected) return unusable(uri, 'silent', 'does not take the connection: paused, or others wait', error);
  const detail = 'takes the connection, but does not answer: paused, a menu is open, or another client is served';
  return unusable(uri, 'silent', detail, error);
};

const foreign = (uri: string, cause: CausewayError): CausewayError =>
  new CausewayError('device_foreign', `What listens at ${uri} is no connector.`, { cause, context: { uri } });
