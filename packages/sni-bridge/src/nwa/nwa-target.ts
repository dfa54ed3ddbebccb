import { CausewayError } from '@causeway/protocol/errors';
import { NWA_PORT } from '@causeway/protocol/nwa';
import { type Endpoint, endpointText, parseEndpoint } from '../endpoint.js';

/** The name that opens the emulator listening there. */
export const nwaUri = (endpoint: Endpoint): string => `nwa://${endpointText(endpoint)}`;

/** Reads `nwa://HOST[:PORT]`; throws `usage` for anything else. */
export const parseNwaUri = (uri: string): Endpoint => {
  const endpoint = parseEndpoint(/^nwa:\/\/(.*?)\/?$/i.exec(uri)?.[1] ?? '', NWA_PORT);
  if (endpoint) return endpoint;
  throw new CausewayError('usage', `"${uri}" names no NWA emulator. Give nwa://HOST:PORT.`, { context: { uri } });
};
