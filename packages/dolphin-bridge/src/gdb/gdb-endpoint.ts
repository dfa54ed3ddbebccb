import { CausewayError } from '@causeway/protocol/errors';

/** Where Dolphin's debugger connection listens. */
export type GdbEndpoint =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);

/**
 * Address of such an endpoint: `dolphin://socket/run/user/1000/causeway/gdb` or `dolphin://tcp/127.0.0.1:2159`.
 * `undefined` for an address of another kind. Throws `usage` for one that is wrong.
 */
export const parseGdbUri = (uri: URL): GdbEndpoint | undefined => {
  if (uri.protocol !== 'dolphin:') return undefined;
  if (uri.host === 'socket' && uri.pathname.length > 1) return { kind: 'socket', path: decodedPath(uri) };
  if (uri.host !== 'tcp') return undefined;
  const match = /^\/(\[[^\]]+\]|[^:/]+):(\d{1,5})$/.exec(uri.pathname);
  const host = match?.[1];
  const port = Number(match?.[2]);
  if (host && port > 0 && port < 65_536 && isLoopback(host)) {
    return { kind: 'tcp', host: host.replace(/^\[|\]$/g, ''), port };
  }
  throw wrong(uri);
};

const decodedPath = (uri: URL): string => {
  try {
    return decodeURIComponent(uri.pathname);
  } catch {
    throw wrong(uri);
  }
};

const wrong = ({ href }: URL): CausewayError =>
  new CausewayError('usage', `${href} is no debugger connection on this machine.`, {
    fix: 'Give dolphin://tcp/127.0.0.1:PORT with the port of Dolphin’s setting GDBPort, or dolphin://socket/PATH.',
  });

export const formatGdbUri = (endpoint: GdbEndpoint): string =>
  endpoint.kind === 'socket'
    ? `dolphin://socket${endpoint.path.split('/').map(encodeURIComponent).join('/')}`
    : `dolphin://tcp/${endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
