import { CausewayError } from '@causeway/protocol/errors';
import { type AppVersion, parseAppVersion } from '@causeway/protocol/usb2snes';
import type { Endpoint } from '../endpoint.js';
import { unlessAborted } from '../unless-aborted.js';
import { Usb2SnesConnection } from './usb2snes-connection.js';
import type { Usb2SnesConfig } from './usb2snes-options.js';

/** A connection to a server that has said who it is. */
export interface GreetedServer {
  readonly connection: Usb2SnesConnection;
  readonly app: AppVersion;
}

/** More names than any server ever had. */
const MAX_CONSOLES = 64;

/**
 * Connects and asks who answers: SNI and QUsb2Snes can hold one port at the same time.
 * Rejects with `device_refused`, `device_foreign`, `device_lost`, `protocol_…` or the signal's reason.
 */
export const greet = async (
  { host, port }: Endpoint,
  { socketFactory, clock, window, times }: Usb2SnesConfig,
  signal: AbortSignal,
): Promise<GreetedServer> => {
  const { closeGraceMs } = times;
  const connection = new Usb2SnesConnection({ host, port, socketFactory, clock, window, closeGraceMs });
  try {
    await unlessAborted(connection.opened, signal);
    const [version] = await connection.ask('AppVersion', [], signal);
    if (version !== undefined) return { connection, app: parseAppVersion(version) };
    throw new CausewayError('device_foreign', `What listens at ${connection.url} does not say what it is.`);
  } catch (error) {
    await connection.close();
    throw error;
  }
};

/** Names of the consoles the server sees now. */
export const listConsoles = async (connection: Usb2SnesConnection, signal: AbortSignal): Promise<readonly string[]> => {
  const names = await connection.ask('DeviceList', [], signal);
  return [...new Set(names)].filter(isName).slice(0, MAX_CONSOLES);
};

/** Half a character, as JSON can write it, stands in no URI. */
const isName = (text: string): boolean => text !== '' && !/\p{Surrogate}/u.test(text);
