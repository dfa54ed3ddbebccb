import { CausewayError } from '../errors/causeway-error.js';
import { DEFAULT_PORT } from './enumerations.js';

export type Scheme = 'ws' | 'wss';

/** Where a room is, and what a link says about who wants in. */
export interface ServerAddress {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Absent: nothing says whether the port speaks TLS; both are tried. */
  readonly scheme?: Scheme;
  /** Path and query of a `ws://` or `wss://` address, from `/` on; `/` otherwise. */
  readonly path: string;
  readonly name?: string;
  readonly password?: string;
  readonly game?: string;
  /** Page of the room on the web host. */
  readonly room?: string;
}

// The text may hold a password, so no message repeats it.
const invalid = (reason: string): never => {
  throw new CausewayError('server_address_invalid', `not a server address: ${reason}`);
};

const decodePercent = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const parseUser = (user: string): Pick<ServerAddress, 'name' | 'password'> => {
  const colon = user.indexOf(':');
  const name = decodePercent(colon < 0 ? user : user.slice(0, colon));
  const password = colon < 0 ? '' : decodePercent(user.slice(colon + 1));
  return {
    ...(name === '' ? {} : { name }),
    // Web host links say `None` when the room has no password.
    ...(password === '' || password === 'None' ? {} : { password }),
  };
};

const parsePort = (text: string | undefined): number => {
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? port : invalid('the port is not a number from 1 to 65535');
};

const isIpv6 = (host: string): boolean => /^[\da-fA-F:.]+(%[\w.-]+)?$/.test(host) && host.includes(':');

const parseHost = (text: string): Pick<ServerAddress, 'host' | 'port'> => {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) {
    const host = bracketed[1] ?? '';
    return isIpv6(host) ? { host, port: parsePort(bracketed[2]) } : invalid('the IPv6 address is malformed');
  }
  if (isIpv6(text) && text.split(':').length > 2) return { host: text, port: DEFAULT_PORT };
  const [host = '', port, ...rest] = text.split(':');
  if (rest.length > 0) return invalid('there is more than one port');
  if (host === '') return invalid('the host is missing');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not get in
  if (/[\s\x00-\x1f\x7f<>"\\^`{|}%@]/.test(host)) return invalid('the host holds characters that no host name has');
  return { host, port: parsePort(port) };
};

const parseQuery = (query: string): Pick<ServerAddress, 'game' | 'room'> => {
  const fields = new URLSearchParams(query);
  const game = fields.get('game');
  const room = fields.get('room');
  return { ...(game ? { game } : {}), ...(room ? { room } : {}) };
};

/**
 * Reads `HOST`, `HOST:PORT`, `ws://…`, `wss://…` or a link `archipelago://NAME:PASSWORD@HOST:PORT/?game=…&room=…`.
 *
 * @throws {CausewayError} `server_address_invalid`; its message never repeats the text, which may hold a password
 */
export const parseServerAddress = (text: string): ServerAddress => {
  const [, scheme, authority = '', path = '', query = ''] =
    /^(?:([A-Za-z][A-Za-z\d+.-]*):\/\/)?([^/?#]*)([^?#]*)(\?[^#]*)?/.exec(text.trim()) ?? [];
  const at = authority.lastIndexOf('@');
  const parsed = {
    ...parseHost(authority.slice(at + 1)),
    ...(at < 0 ? {} : parseUser(authority.slice(0, at))),
  };
  switch (scheme?.toLowerCase()) {
    case undefined:
      return { ...parsed, path: '/' };
    case 'ws':
      return { ...parsed, scheme: 'ws', path: `${path || '/'}${query}` };
    case 'wss':
      return { ...parsed, scheme: 'wss', path: `${path || '/'}${query}` };
    case 'archipelago':
      return { ...parsed, ...parseQuery(query), path: '/' };
    default:
      return invalid('only ws, wss and archipelago are known before ://');
  }
};

const PRIVATE_V4 = /^(?:127|10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\./;

/** Whether a host is this machine or its own network, where rooms are served without TLS. */
export const isPrivateHost = (host: string): boolean => {
  const name = host.toLowerCase();
  if (isIpv6(name))
    return name === '::1' || /^(?:fe[89ab]|f[cd])/.test(name) || PRIVATE_V4.test(name.replace(/^::ffff:/, ''));
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return PRIVATE_V4.test(name);
  return name === 'localhost' || /\.(?:localhost|local)$/.test(name) || !name.includes('.');
};

/** `host:port`, IPv6 in brackets: safe to show, and the key under which a scheme is remembered. */
export const hostAndPort = ({ host, port }: ServerAddress): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The websocket URL of an address under a scheme. Name and password are never part of it. */
export const socketUrl = (address: ServerAddress, scheme: Scheme): string =>
  `${scheme}://${hostAndPort(address)}${address.path}`;

/**
 * The schemes to try, in order: the one given, else plain first on the own network and TLS first elsewhere.
 *
 * @param remembered what worked last time; tried first
 */
export const schemesOf = (address: ServerAddress, remembered?: Scheme): readonly Scheme[] => {
  if (address.scheme) return [address.scheme];
  const first = remembered ?? (isPrivateHost(address.host) ? 'ws' : 'wss');
  return first === 'ws' ? ['ws', 'wss'] : ['wss', 'ws'];
};
