import { createLinkedDevice, type Device, type Driver, type OpenOptions } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { attachConsole, type OpenConsole } from './attach-console.js';
import { chooseConsole } from './choose-console.js';
import { listServer } from './discovery.js';
import { type GreetedServer, greet, listConsoles } from './greeting.js';
import { KnownReaches } from './memory-reach.js';
import { parseUsb2SnesUri, type Usb2SnesTarget, usb2SnesUri } from './target.js';
import { Usb2SnesLink } from './usb2snes-link.js';
import { configure, type Usb2SnesConfig, type Usb2SnesOptions } from './usb2snes-options.js';
import { withinTime } from './within-time.js';

/** How often a server is asked for a console it does not list, before it is believed: probes for busy ones fail. */
const LISTS = 3;

/**
 * Reaches consoles through a usb2snes server: SNI, QUsb2Snes, or our own.
 *
 * Targets: `usb2snes://HOST:PORT` for the only console there, `usb2snes://HOST:PORT/?device=NAME` for one of several, by the
 * name the server lists it with.
 */
export const createUsb2SnesDriver = (options: Usb2SnesOptions = {}): Driver => {
  const config = configure(options);
  const reaches = new KnownReaches();
  return {
    kind: 'usb2snes',
    detect: async ({ signal, timeoutMs = config.times.detectMs } = {}) => {
      const detectMs = Math.min(config.times.detectMs, timeoutMs);
      const found = await Promise.all(
        config.ports.map((port) => listServer({ host: config.host, port }, config, detectMs, signal)),
      );
      return found.flat();
    },
    open: async (text, open = {}) => {
      const target = text === undefined ? await findTarget(config, open) : parseUsb2SnesUri(text);
      const { timeoutMs = config.times.openMs, signal } = open;
      const late = (): Error => overdue(target);
      return withinTime({ clock: config.clock, timeoutMs, signal, late }, (own) =>
        openConsole(target, { ...config, reaches }, open, own),
      );
    },
  };
};

const overdue = (target: Usb2SnesTarget): CausewayError =>
  new CausewayError('device_timeout', `The usb2snes server at ${usb2SnesUri(target)} did not answer in time.`, {
    context: { ...target },
    fix: 'Look into the window of SNI or QUsb2Snes. If it lists the console, disconnect and connect it there.',
  });

/** Without a target: the first port a server listens on. */
const findTarget = async (config: Usb2SnesConfig, { signal }: OpenOptions): Promise<Usb2SnesTarget> => {
  const { host, ports } = config;
  const [only] = ports;
  if (only !== undefined && ports.length === 1) return { host, port: only };
  for (const port of ports) {
    const listings = await listServer({ host, port }, config, config.times.detectMs, signal);
    if (listings.some(({ state }) => state === 'ready')) return { host, port };
  }
  throw new CausewayError('device_not_found', `No usb2snes server listens on ports ${ports.join(', ')}.`, {
    fix: 'Start SNI or QUsb2Snes and try again.',
  });
};

const openConsole = async (
  target: Usb2SnesTarget,
  config: Usb2SnesConfig & { readonly reaches: KnownReaches },
  { logger = config.logger, onStatus }: OpenOptions,
  signal: AbortSignal,
): Promise<Device> => {
  const { clock, times, deviceTimes } = config;
  const server = await greet(target, config, signal);
  const { connection, app } = server;
  logger.info('usb2snes.server', { url: connection.url, app: app.text });
  try {
    const name = await findConsole(server, target, config, signal);
    const console = await attachConsole(server, name, config.clientName, signal);
    const { rules, info, rom, mark } = console;
    logger.info('usb2snes.attached', { name, version: info.version, rom: info.rom, quirks: rules.quirks });
    const uri = usb2SnesUri({ ...target, device: name });
    const reach = config.reaches.of(`${uri} ${rom.hash ?? rom.title}`);
    const link = new Usb2SnesLink({ connection, rules, rom, mark, reach, clock, identityMs: times.identityMs });
    return createLinkedDevice({
      info: { ...deviceInfo(uri, server, console), domains: reach.within(console.domains) },
      link,
      clock,
      logger,
      onStatus,
      times: deviceTimes,
    });
  } catch (error) {
    await connection.close();
    throw error;
  }
};

const deviceInfo = (uri: string, { app }: GreetedServer, { rom, info }: OpenConsole) => ({
  driver: 'usb2snes',
  uri,
  system: 'SNES',
  rom,
  capabilities: new Set<never>(),
  peer: `${app.text}: ${info.device} ${info.version}`,
});

/** The console that is meant. One list without it proves nothing. */
const findConsole = async (
  { connection, app }: GreetedServer,
  target: Usb2SnesTarget,
  { clock, times }: Usb2SnesConfig,
  signal: AbortSignal,
): Promise<string> => {
  const seen = new Set<string>();
  for (let list = 1; ; list++) {
    const names = await listConsoles(connection, signal);
    for (const name of names) seen.add(name);
    const name = chooseConsole(names, target.device, target);
    if (name !== undefined) return name;
    if (list === LISTS) throw notListed(target, app.text, [...seen]);
    await clock.sleep(times.listAgainMs, signal);
  }
};

const notListed = (target: Usb2SnesTarget, app: string, names: readonly string[]): CausewayError => {
  const listed = names.length === 0 ? 'no console' : names.join(', ');
  const wanted = target.device === undefined ? '' : ` It does not list ${target.device}.`;
  const choices = names.map((device) => usb2SnesUri({ ...target, device }));
  return new CausewayError('device_not_found', `${app} is there and sees ${listed}.${wanted}`, {
    context: { choices },
    fix: 'Start the emulator and load the game, or switch the console on. The window of SNI or QUsb2Snes shows when it is seen.',
  });
};
