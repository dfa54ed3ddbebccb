import { CausewayError } from '@causeway/protocol/errors';
import { NWA_PORT } from '@causeway/protocol/nwa';
import { RETROARCH_PORT } from '@causeway/protocol/retroarch';
import { type Endpoint, parseEndpoint } from './endpoint.js';
import { nwaEndpoints } from './nwa/nwa-options.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where to look, as far as the environment says; what is absent stays at its default. */
export interface EnvironmentAddresses {
  readonly retroarch?: readonly Endpoint[];
  readonly nwa?: readonly Endpoint[];
  /** Ports of usb2snes servers on this machine. */
  readonly usb2snesPorts?: readonly number[];
  readonly grpc?: readonly Endpoint[];
}

/**
 * The variables by which players tell SNI, and NWA emulators, where things are mean the same to us:
 * `SNI_RETROARCH_HOSTS` and `SNI_EMUNW_HOSTS` (lists of `HOST[:PORT]` with commas), `NWA_PORT_RANGE` (first port of NWA
 * emulators), `SNI_USB2SNES_LISTEN_ADDRS` and `SNI_GRPC_LISTEN_PORT` (where SNI itself listens).
 *
 * @throws `usage` for a value that makes no sense
 */
export const addressesFrom = (env: Environment): EnvironmentAddresses => {
  const retroarch = endpointsIn(env, 'SNI_RETROARCH_HOSTS', RETROARCH_PORT);
  const listed = endpointsIn(env, 'SNI_EMUNW_HOSTS', NWA_PORT);
  const firstPort = portIn(env, 'NWA_PORT_RANGE');
  const nwa = listed ?? (firstPort === undefined ? undefined : nwaEndpoints('127.0.0.1', firstPort));
  const usb2snes = endpointsIn(env, 'SNI_USB2SNES_LISTEN_ADDRS');
  const grpcPort = portIn(env, 'SNI_GRPC_LISTEN_PORT');
  return {
    ...(retroarch ? { retroarch } : {}),
    ...(nwa ? { nwa } : {}),
    ...(usb2snes ? { usb2snesPorts: [...new Set(usb2snes.map(({ port }) => port))] } : {}),
    ...(grpcPort === undefined ? {} : { grpc: [{ host: '127.0.0.1', port: grpcPort }] }),
  };
};

const endpointsIn = (env: Environment, name: string, defaultPort = 0): readonly Endpoint[] | undefined => {
  const words = (env[name] ?? '').split(',').map((word) => word.trim());
  const given = words.filter((word) => word !== '');
  if (given.length === 0) return undefined;
  return given.map((word) => {
    // A listener's address may lack the host: `:23074`.
    const endpoint = parseEndpoint(word.startsWith(':') ? `localhost${word}` : word, defaultPort);
    if (!endpoint) throw invalid(name, word);
    return endpoint;
  });
};

const portIn = (env: Environment, name: string): number | undefined => {
  const text = env[name]?.trim();
  if (!text) return undefined;
  const port = /^(\d{1,5}|0x[0-9a-f]{1,4})$/i.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw invalid(name, text);
  return port;
};

const invalid = (name: string, text: string): CausewayError =>
  new CausewayError('usage', `The environment variable ${name} holds no address: ${text}. Correct or unset it.`, {
    context: { name, text },
  });
