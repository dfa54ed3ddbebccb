import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** Who may come in. */
export interface DoorPolicy {
  /** Web origins that may connect, exactly as browsers send them: `https://tracker.example`. */
  readonly allowOrigins: ReadonlySet<string>;
  /** Name we were asked to listen on. */
  readonly host: string;
}

/** `host` of a `Host` header, without port and brackets. */
const hostName = (header: string): string | undefined => {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/?#@\s]+))(?::\d{1,5})?$/i.exec(header) ?? [];
  return (bracketed ?? plain)?.toLowerCase();
};

/**
 * Why a connection is turned away, or `undefined`.
 *
 * A page anywhere on the web can make its visitor's browser connect to this machine. Browsers then say where the page is
 * from, and only listed origins are let in. A page that had its own name point here (DNS rebinding) shows itself by the name
 * it uses: only addresses, `localhost` and the name we listen on are ours.
 */
export const refusalAtDoor = (headers: IncomingHttpHeaders, policy: DoorPolicy): string | undefined => {
  const { host, origin } = headers;
  const name = host === undefined ? undefined : hostName(host);
  if (name === undefined) return 'The request names no host.';
  const ours = isIP(name) !== 0 || name === 'localhost' || name === policy.host.toLowerCase();
  if (!ours) return `${name} is no name of this server.`;
  if (origin === undefined || policy.allowOrigins.has(origin.toLowerCase())) return undefined;
  return `Web pages from ${origin.slice(0, 200)} may not connect; --allow-origin lets them.`;
};
