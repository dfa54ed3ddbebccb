import { CausewayError } from '@causeway/protocol/errors';
import { USB2SNES_PORT } from '@causeway/protocol/usb2snes';

/** Where a usb2snes server listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** A console behind a usb2snes server. */
export interface Usb2SnesTarget extends Endpoint {
  /** Name as the server lists it. Without one: the only console it has. */
  readonly device?: string;
}

const URI = /^usb2snes:\/\/(?<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?<port>\d{1,5}))?(?<rest>[/?].*)?$/i;
const MAX_PORT = 65_535;

/**
 * Reads `usb2snes://HOST[:PORT]`, with the console as `/?device=NAME` or as `/NAME`, percent-encoded where it must be.
 * Throws `usage` for anything else.
 */
export const parseUsb2SnesUri = (uri: string): Usb2SnesTarget => {
  const { host = '', port: portText, rest = '' } = URI.exec(uri)?.groups ?? {};
  const port = portText === undefined ? USB2SNES_PORT : Number(portText);
  if (host === '' || port < 1 || port > MAX_PORT) throw invalid(uri);
  const endpoint = { host: host.replace(/^\[(.*)\]$/, '$1'), port };
  const device = decodeName(
    /^\/?\?device=(?<name>[^&]*)$/.exec(rest)?.groups?.['name'] ?? rest.replace(/^\//, ''),
    uri,
  );
  return device === '' ? endpoint : { ...endpoint, device };
};

/** The URI that opens this console again, whatever its place in the list. */
export const usb2SnesUri = ({ host, port, device }: Usb2SnesTarget): string => {
  const server = `usb2snes://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return device === undefined ? server : `${server}/?device=${encodeURIComponent(device)}`;
};

const decodeName = (text: string, uri: string): string => {
  if (text.startsWith('?')) throw invalid(uri);
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(uri);
  }
};

const invalid = (target: string): CausewayError =>
  new CausewayError('usage', `"${target}" names no console behind a usb2snes server.`, {
    context: { target },
    fix: 'Give usb2snes://HOST:PORT, or usb2snes://HOST:PORT/?device=NAME with a name as `devices` lists it.',
  });
