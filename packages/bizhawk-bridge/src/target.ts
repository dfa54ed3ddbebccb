import { CausewayError } from '@causeway/protocol/errors';

/** Where to look for a device. */
export type Target =
  | { readonly kind: 'any' }
  /** Without a port: every connector port of that host. */
  | { readonly kind: 'bizhawk'; readonly host: string; readonly port?: number }
  | { readonly kind: 'comm'; readonly host: string; readonly port: number };

/** We listen for nobody but this machine. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** Reads `bizhawk://HOST[:PORT]` or `comm://HOST:PORT`; throws `usage` for anything else. */
export const parseTarget = (target: string | undefined): Target => {
  if (target === undefined) return { kind: 'any' };
  const url = URL.canParse(target) ? new URL(target) : undefined;
  const host = url?.hostname.replace(/^\[(.*)\]$/, '$1');
  if (!url || !host || url.username || url.password || url.search || url.hash || !/^\/?$/.test(url.pathname)) {
    throw invalid(target);
  }
  const port = url.port === '' ? undefined : Number(url.port);
  if (port === 0) throw invalid(target);
  if (url.protocol === 'bizhawk:')
    return port === undefined ? { kind: 'bizhawk', host } : { kind: 'bizhawk', host, port };
  if (url.protocol === 'comm:' && port !== undefined && LOOPBACK.test(host)) return { kind: 'comm', host, port };
  throw invalid(target);
};

const invalid = (target: string): CausewayError =>
  new CausewayError('usage', `"${target}" names no device. Give bizhawk://HOST:PORT or comm://127.0.0.1:PORT.`, {
    context: { target },
  });
