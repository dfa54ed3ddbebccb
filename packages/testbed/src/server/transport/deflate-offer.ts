/** What permessage-deflate is agreed on with one client (RFC 7692 §7.1). */
export interface DeflateTerms {
  readonly serverNoContextTakeover: boolean;
  readonly clientNoContextTakeover: boolean;
  /** 9 to 15. */
  readonly serverMaxWindowBits: number;
  /** `undefined` when the client did not say that it can be told. */
  readonly clientMaxWindowBits: number | undefined;
}

/** The reference server's windows, both ways. */
const WINDOW_BITS = 11;
/** zlib cannot deflate raw with 8. */
const MIN_BITS = 9;
const MAX_BITS = 15;

/** Picks the first offer of a `Sec-WebSocket-Extensions` header that can be met, as the reference server answers it (`http-upgrade`). */
export const acceptDeflate = (header: string | undefined): DeflateTerms | undefined => {
  for (const offer of (header ?? '').split(',')) {
    const [name, ...parameters] = offer.split(';').map((part) => part.trim());
    const terms = name === 'permessage-deflate' ? termsOf(parameters) : undefined;
    if (terms) return terms;
  }
  return undefined;
};

const termsOf = (parameters: readonly string[]): DeflateTerms | undefined => {
  const given = new Map<string, string>();
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=');
    // A parameter twice, or one nobody knows, makes the offer void.
    if (given.has(name) || !KNOWN.has(name)) return undefined;
    given.set(name, value.replaceAll('"', ''));
  }
  const server = bitsOf(given.get('server_max_window_bits') ?? String(MAX_BITS));
  const client = bitsOf(given.get('client_max_window_bits') || String(MAX_BITS));
  if (server === undefined || client === undefined) return undefined;
  if (given.get('server_no_context_takeover') || given.get('client_no_context_takeover')) return undefined;
  return {
    serverNoContextTakeover: given.has('server_no_context_takeover'),
    clientNoContextTakeover: given.has('client_no_context_takeover'),
    serverMaxWindowBits: Math.min(server, WINDOW_BITS),
    clientMaxWindowBits: given.has('client_max_window_bits') ? Math.min(client, WINDOW_BITS) : undefined,
  };
};

const KNOWN: ReadonlySet<string> = new Set([
  'server_no_context_takeover',
  'client_no_context_takeover',
  'server_max_window_bits',
  'client_max_window_bits',
]);

const bitsOf = (text: string): number | undefined => {
  const bits = /^[1-9]\d?$/.test(text) ? Number(text) : Number.NaN;
  return bits >= MIN_BITS && bits <= MAX_BITS ? bits : undefined;
};

/** The terms as an offer that `ws` accepts word for word. */
export const offerText = (terms: DeflateTerms): string =>
  [
    'permessage-deflate',
    ...(terms.serverNoContextTakeover ? ['server_no_context_takeover'] : []),
    ...(terms.clientNoContextTakeover ? ['client_no_context_takeover'] : []),
    `server_max_window_bits=${terms.serverMaxWindowBits}`,
    ...(terms.clientMaxWindowBits === undefined ? [] : [`client_max_window_bits=${terms.clientMaxWindowBits}`]),
  ].join('; ');
