/** Where something listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const ADDRESS = /^(?<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?<port>\d{1,5}))?$/i;
const MOST_PORTS = 65_535;

/** Reads `HOST[:PORT]`; nothing where it is none. An IPv6 address stands in brackets. */
export const parseEndpoint = (text: string, defaultPort: number): Endpoint | undefined => {
  const { host, port: portText } = ADDRESS.exec(text)?.groups ?? {};
  const port = portText === undefined ? defaultPort : Number(portText);
  if (host === undefined || port < 1 || port > MOST_PORTS) return undefined;
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port };
};

/** `HOST:PORT`, with an IPv6 address in brackets. */
export const endpointText = ({ host, port }: Endpoint): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
