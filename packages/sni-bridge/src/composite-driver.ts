import { type Clock, type Logger, silentLogger, systemClock } from '@causeway/bridge';
import {
  type CallOptions,
  type Deadline,
  type Device,
  type DeviceListing,
  type Driver,
  type OpenOptions,
  withDeadline,
} from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { chooseListing } from './choose-listing.js';
import { type FoundConsole, mergeListings } from './merge-listings.js';

export interface CompositeOptions {
  /** In order of preference. The kind of each is the scheme of its URIs. */
  readonly drivers: readonly Driver[];
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** For everything that is looked at, all at once, in milliseconds. */
const DETECT_MS = 950;

const WORDS = {
  nothing: 'No SNES game was found: no RetroArch, no SNI, no QUsb2Snes and no NWA emulator answers on this machine.',
  fix: 'Load the game, and in RetroArch switch on Settings > Network > Network Commands. For other emulators and for a real console start SNI or QUsb2Snes.',
};

/** Several drivers as one: finds a console by whatever way there is, and opens it by the best. */
export const createCompositeDriver = (options: CompositeOptions): Driver => {
  const { drivers, clock = systemClock, logger = silentLogger } = options;
  const find = async ({ signal, timeoutMs = DETECT_MS }: CallOptions = {}): Promise<readonly FoundConsole[]> => {
    signal?.throwIfAborted();
    const limits = { clock, timeoutMs: Math.min(timeoutMs, DETECT_MS), signal };
    const found = await Promise.all(drivers.map((driver) => detectWith(driver, limits, logger)));
    return mergeListings(found.flat());
  };
  return {
    kind: 'snes',
    detect: async (call) => (await find(call)).map(({ listing }) => listing),
    open: async (target, open = {}) => {
      if (target !== undefined) return driverFor(target, drivers).open(target, open);
      // The time a caller gives is for opening; looking around has its own.
      return openFirst(waysOf(await find(open.signal ? { signal: open.signal } : {})), drivers, open, logger);
    },
  };
};

/** One driver that fails does not keep the others from finding. */
const detectWith = async (driver: Driver, limits: Deadline, logger: Logger): Promise<readonly DeviceListing[]> => {
  const { signal, timeoutMs } = limits;
  const late = (): CausewayError => new CausewayError('device_timeout', `Looking with ${driver.kind} took too long.`);
  try {
    return await withDeadline(driver.detect({ timeoutMs, ...(signal ? { signal } : {}) }), limits, late);
  } catch (error) {
    signal?.throwIfAborted();
    logger.warn('device.detect-failed', { driver: driver.kind, error: CausewayError.from(error).message });
    return [];
  }
};

const driverFor = (target: string, drivers: readonly Driver[]): Driver => {
  const scheme = /^([a-z0-9+.-]+):/i.exec(target)?.[1]?.toLowerCase();
  const driver = drivers.find(({ kind }) => kind === scheme);
  if (driver) return driver;
  const forms = drivers.map(({ kind }) => `${kind}://HOST:PORT`).join(', ');
  throw new CausewayError('usage', `"${target}" names no console. Give ${forms}, or what \`devices\` lists.`, {
    context: { target },
  });
};

/** The ways to the only console that can be used; where some have a SNES game, only those count. */
const waysOf = (consoles: readonly FoundConsole[]): readonly DeviceListing[] => {
  const isSnes = ({ listing }: FoundConsole): boolean =>
    listing.state === 'ready' && (listing.system ?? 'SNES') === 'SNES';
  const wanted = consoles.some(isSnes) ? consoles.filter(isSnes) : consoles;
  const chosen = chooseListing(
    wanted.map(({ listing }) => listing),
    WORDS,
  );
  return wanted.find(({ listing }) => listing === chosen)?.ways ?? [];
};

/** Where the best way turns out to be shut, the next one is taken; what is told is why the best one was. */
const openFirst = async (
  ways: readonly DeviceListing[],
  drivers: readonly Driver[],
  open: OpenOptions,
  logger: Logger,
): Promise<Device> => {
  let first: unknown;
  for (const { uri } of ways) {
    try {
      return await driverFor(uri, drivers).open(uri, open);
    } catch (error) {
      open.signal?.throwIfAborted();
      logger.info('device.way-shut', { uri, error: CausewayError.from(error).message });
      first ??= error;
    }
  }
  throw first ?? new CausewayError('device_not_found', WORDS.nothing, { fix: WORDS.fix });
};
