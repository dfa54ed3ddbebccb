import { CausewayError } from '@causeway/protocol/errors';
import { SNI_PORT } from '@causeway/protocol/sni';
import { type Endpoint, endpointText, parseEndpoint } from '../endpoint.js';

/** A console behind SNI's gRPC services. */
export interface SniTarget {
  readonly endpoint: Endpoint;
  /** The device's own URI, as SNI lists it: `ra://127.0.0.1:55355`. Without one: the only device SNI has. */
  readonly device?: string;
}

/** The URI that opens this console again, whatever its place in the list. */
export const sniUri = ({ endpoint, device }: SniTarget): string =>
  `sni://${endpointText(endpoint)}${device === undefined ? '' : `/?device=${encodeURIComponent(device)}`}`;

/** Reads `sni://HOST[:PORT][/?device=URI]`, the device's URI percent-encoded; throws `usage` for anything else. */
export const parseSniUri = (uri: string): SniTarget => {
  const [, address = '', encoded] = /^sni:\/\/([^/?#]*)(?:\/?(?:\?device=([^&#]+))?)$/i.exec(uri) ?? [];
  const endpoint = parseEndpoint(address, SNI_PORT);
  const device = encoded === undefined ? undefined : decoded(encoded);
  if (!endpoint || (encoded !== undefined && device === undefined)) throw invalid(uri);
  return device === undefined ? { endpoint } : { endpoint, device };
};

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

const invalid = (uri: string): CausewayError =>
  new CausewayError('usage', `"${uri}" names no console behind SNI. Give sni://HOST:PORT, or what \`devices\` lists.`, {
    context: { uri },
  });
