import type { DeviceListing } from '@causeway/bridge/device';
import { RETROARCH_PORT } from '@causeway/protocol/retroarch';
import { parseDeviceName } from '@causeway/protocol/usb2snes';
import { endpointText, parseEndpoint } from './endpoint.js';

/** What QUsb2Snes calls the RetroArch of its own machine at the usual port; others have names that tell no address. */
const USUAL_RETROARCH = /^RetroArch Localhost$/i;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|0\.0\.0\.0|::)$/i;

/**
 * Names the console that a listing leads to, however it gets there, so that two ways to one console have the same key:
 * SNI's `ra://127.0.0.1:55355` and QUsb2Snes's `RetroArch Localhost` are the RetroArch at that address, and the `fxpakpro`
 * of SNI is the same whether it is reached over usb2snes or gRPC. Without a key: no console, but a program that could have
 * one.
 */
export const consoleKey = ({ uri }: DeviceListing): string | undefined => {
  const [, scheme = '', address = '', rest = ''] = /^([a-z0-9+.-]+):\/\/([^/?]*)(.*)$/i.exec(uri) ?? [];
  const home = parseEndpoint(address, 1);
  if (scheme === 'retroarch' || scheme === 'nwa') return home && `${scheme} ${placeOf(address, undefined)}`;
  if (scheme !== 'usb2snes' && scheme !== 'sni') return uri;
  const name = deviceIn(rest);
  return name === undefined ? undefined : behindServer(name, home?.host);
};

/** Name of the device at the end of a server's URI. */
const deviceIn = (rest: string): string | undefined => {
  const encoded = /^\/?\?device=([^&]*)/.exec(rest)?.[1] ?? rest.replace(/^\//, '');
  if (encoded === '') return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
};

const behindServer = (name: string, server: string | undefined): string => {
  const { kind, address = USUAL_RETROARCH.test(name) ? `localhost:${RETROARCH_PORT}` : undefined } =
    parseDeviceName(name);
  const machine = hostOf(server ?? 'localhost', undefined);
  if (address !== undefined) return `${kind} ${placeOf(address, server)}`;
  if (/^EmuNWA /i.test(name)) return `nwa ${machine}:?`;
  // `SD2SNES ttyACM0` and `fxpakpro://./dev/ttyACM0` are one.
  const [, port] = /^(?:SD2SNES |fxpakpro:\/\/).*?([^ /]+)$/i.exec(name) ?? [];
  return port === undefined ? `${kind} ${machine} ${name}` : `fxpakpro ${machine} ${port.toLowerCase()}`;
};

/** An address as seen from here: what a server calls its own machine is the server's machine. */
const placeOf = (address: string, server: string | undefined): string => {
  const endpoint = parseEndpoint(address, RETROARCH_PORT);
  return endpoint ? endpointText({ ...endpoint, host: hostOf(endpoint.host, server) }) : address;
};

const hostOf = (host: string, server: string | undefined): string => {
  if (!LOOPBACK.test(host)) return host.toLowerCase();
  return server === undefined || LOOPBACK.test(server) ? 'localhost' : server.toLowerCase();
};
