import { CausewayError } from '@causeway/protocol/errors';
import { USB2SNES_PORT } from '@causeway/protocol/usb2snes';
import { type Endpoint, endpointText, parseEndpoint } from '../endpoint.js';

/** A console behind a usb2snes server. */
export interface Usb2SnesTarget extends Endpoint {
  /** Name as the server lists it. Without one: the only console it has. */
  readonly device?: string;
}

const URI = /^usb2snes:\/\/(?<address>[^/?]+)(?<rest>[/?].*)?$/i;

/**
 * Reads `usb2snes://HOST[:PORT]`, with the console as `/?device=NAME` or as `/NAME`, percent-encoded where it must be.
 * Throws `usage` for anything else.
 */
export const parseUsb2SnesUri = (uri: string): Usb2SnesTarget => {
  const { address = '', rest = '' } = URI.exec(uri)?.groups ?? {};
  const endpoint = parseEndpoint(address, USB2SNES_PORT);
  if (!endpoint) throw invalid(uri);
  const device = decodeName(
    /^\/?\?device=(?<name>[^&]*)$/.exec(rest)?.groups?.['name'] ?? rest.replace(/^\//, ''),
    uri,
  );
  return device === '' ? endpoint : { ...endpoint, device };
};

/** The URI that opens this console again, whatever its place in the list. */
export const usb2SnesUri = ({ device, ...endpoint }: Usb2SnesTarget): string => {
  const server = `usb2snes://${endpointText(endpoint)}`;
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
  new CausewayError(
    'usage',
    `"${target}" names no console behind a usb2snes server. Give usb2snes://HOST:PORT, or what \`devices\` lists.`,
    { context: { target } },
  );
