import type { VerbCall, VerbProgram } from '@causeway/bridge/cli';
import type { Device, DeviceStatus } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { KeptDevice } from './kept-device.js';
import { serveUsb2Snes, type Usb2SnesServer } from './serve-usb2snes.js';
import type { SERVE_FLAGS } from './serve-verb.js';

type ServeCall = VerbCall<typeof SERVE_FLAGS>;

/** Says what happens: to people in a line, to programs as an event. */
const tell = ({ flags, host, output }: ServeCall, event: string, line: string, facts: object = {}): void => {
  if (flags.json) output.json({ time: new Date(host.clock.now()).toISOString(), event, ...facts });
  else output.note(line);
};

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host);

const keepDevice = async (call: ServeCall): Promise<KeptDevice> => {
  const { flags, host, logger, signal } = call;
  const driver = await call.driver();
  const timeout = flags.timeout === undefined ? {} : { timeoutMs: flags.timeout };
  let paused = false;
  const onStatus = (status: DeviceStatus): void => {
    if (status === 'closed' || (status === 'paused') === paused) return;
    paused = status === 'paused';
    if (paused) tell(call, 'device.paused', 'The console does not answer: paused, or a menu is open.');
    else tell(call, 'device.resumed', 'The console answers again.');
  };
  return KeptDevice.open({
    open: async (target) => snesOnly(await driver.open(target, { logger, signal, onStatus, ...timeout })),
    target: flags.device,
    clock: host.clock,
    onFound: (device) => tellFound(call, device),
    onLost: ({ reason, error }) => {
      const why = error?.message ?? reason;
      tell(call, 'device.lost', `Console lost: ${why}`, { reason, message: why });
    },
    onWaiting: ({ code, message, fix }) => {
      tell(call, 'device.waiting', `Waiting for it: ${message} ${fix}`, { code, message, fix });
    },
  });
};

/** Where the SNES game was there may be a game for another system later: it is waited for until that is over. */
const snesOnly = async (device: Device): Promise<Device> => {
  const { system, uri, rom } = device.info;
  if (system === 'SNES') return device;
  await device.close();
  throw new CausewayError('device_incompatible', `${uri} runs ${rom.title ?? 'a game'} for ${system}, not SNES.`, {
    context: { uri, system },
    fix: 'Load the SNES game, or choose another console with --device; `causeway-sni devices` lists what there is.',
  });
};

const tellFound = (call: ServeCall, { info }: Device): void => {
  const { uri, system, rom, peer } = info;
  tell(call, 'device.connected', `Console: ${rom.title ?? rom.hash ?? system}, ${peer} (${uri})`, {
    uri,
    system,
    rom,
    peer,
  });
};

const tellListening = (call: ServeCall, { url, host }: Usb2SnesServer): void => {
  const write = call.flags.write;
  const rights = write ? 'Clients may read and write.' : 'Clients may only read; --write lets them write.';
  tell(call, 'server.listening', `Serving usb2snes at ${url}. ${rights} Ctrl+C ends it.`, { url, write });
  if (!isLoopback(host)) call.output.note('Everybody who reaches this machine over the network can connect to it.');
};

/** Serves a console until stopped. */
export const serveConsole: VerbProgram<typeof SERVE_FLAGS> = {
  async run(call) {
    const { flags, host, logger, signal, command } = call;
    await using device = await keepDevice(call);
    await using server = await serveUsb2Snes({
      device,
      write: flags.write,
      allowOrigins: flags['allow-origin'],
      version: command.version,
      clock: host.clock,
      logger,
      onClients: (clients) => {
        tell(call, 'clients.changed', `${clients} ${clients === 1 ? 'program' : 'programs'} connected.`, { clients });
      },
      ...(flags.port === undefined ? {} : { port: flags.port }),
      ...(flags.listen === undefined ? {} : { host: flags.listen }),
    });
    tellListening(call, server);
    return await device.keep(signal);
  },
};
