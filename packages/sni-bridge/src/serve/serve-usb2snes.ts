import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, type Logger, silentLogger, systemClock } from '@causeway/bridge';
import type { Device } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { USB2SNES_PORT } from '@causeway/protocol/usb2snes';
import { type WebSocket, WebSocketServer } from 'ws';
import { endpointText } from '../endpoint.js';
import { BatchDesk } from './batch-desk.js';
import { ClientConnection } from './client-connection.js';
import type { DeviceSource } from './device-source.js';
import { type DoorPolicy, refusalAtDoor } from './door.js';
import { portHolder } from './port-holder.js';

export interface ServeUsb2SnesOptions {
  /** A SNES console, or whoever keeps one open. Who opened it closes it. */
  readonly device: Device | DeviceSource;
  /** Default 23074; 0 takes a free one. */
  readonly port?: number;
  /** Address to listen on. Default: loopback. */
  readonly host?: string;
  /** Lets clients write. Default: they may only read. */
  readonly write?: boolean;
  /** Origins of web pages that may connect: `https://tracker.example`. Default: none; programs have no origin. */
  readonly allowOrigins?: readonly string[];
  /** Version named in the answer to `AppVersion`. */
  readonly version?: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Called when a client came or went, with how many there are now. */
  readonly onClients?: (count: number) => void;
}

/** A running server. */
export interface Usb2SnesServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** `ws://127.0.0.1:23074`. */
  readonly url: string;
  /** Clients connected now. */
  readonly clients: number;
  /** Says goodbye to all clients and frees the port. Calling it twice is fine. */
  close(): Promise<void>;
}

/** A message longer than this is no request and no write we take. */
const MAX_MESSAGE_BYTES = 512 * 1024;
const MAX_CLIENTS = 64;
/** A handshake is one packet. Milliseconds. */
const HANDSHAKE_MS = 5000;
/** How long a connection may say nothing before the system asks whether the other machine is there. Milliseconds. */
const QUIET_MS = 60_000;

/**
 * Puts the usb2snes protocol in front of a console, so that trackers and clients made for SNI or QUsb2Snes work with whatever
 * Causeway can reach. Several clients at once; they share the console fairly.
 *
 * Rejects with `port_in_use`, naming who holds the port where that can be known, or `device_unsupported` when the device is
 * no SNES.
 */
export const serveUsb2Snes = async (options: ServeUsb2SnesOptions): Promise<Usb2SnesServer> => {
  const server = new RunningServer(options);
  await server.listen();
  return server;
};

const isDevice = (device: Device | DeviceSource): device is Device => 'info' in device;

const sourceOf = (device: Device | DeviceSource): DeviceSource => {
  const source = isDevice(device) ? { current: device } : device;
  const { system = 'SNES' } = source.current?.info ?? {};
  if (system === 'SNES') return source;
  throw new CausewayError('device_unsupported', `usb2snes serves SNES games, and this is a ${system}.`, {
    fix: 'Choose a SNES game with --device; `devices` lists what there is.',
  });
};

class RunningServer implements Usb2SnesServer {
  readonly host: string;
  readonly #wantedPort: number;
  readonly #http: Server;
  readonly #websockets: WebSocketServer;
  readonly #connections = new Set<ClientConnection>();
  readonly #options: ServeUsb2SnesOptions;
  readonly #source: DeviceSource;
  readonly #desk: BatchDesk;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #policy: DoorPolicy;
  #port = 0;
  #closing: Promise<void> | undefined;

  constructor(options: ServeUsb2SnesOptions) {
    const { device, host = '127.0.0.1', port = USB2SNES_PORT, allowOrigins = [] } = options;
    this.#options = options;
    this.host = host;
    this.#wantedPort = port;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.#source = sourceOf(device);
    this.#desk = new BatchDesk({ source: this.#source, logger: this.#logger });
    this.#policy = { host, allowOrigins: new Set(allowOrigins.map((origin) => origin.toLowerCase())) };
    // Whose machine went away without a word is found out in the end, and does not hold its place for ever.
    const limits = { headersTimeout: HANDSHAKE_MS, requestTimeout: HANDSHAKE_MS, keepAlive: true };
    this.#http = createServer({ ...limits, keepAliveInitialDelay: QUIET_MS }, (_request, response) => {
      response.writeHead(426, { 'content-type': 'text/plain', connection: 'close' });
      response.end('This is a usb2snes server: connect with a websocket.\n');
    });
    this.#http.maxConnections = 2 * MAX_CLIENTS;
    this.#websockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      // Echoes count as answers: the connection sends them.
      autoPong: false,
    });
    this.#http.on('upgrade', (request, socket, head) => this.#admit(request, socket, head));
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `ws://${endpointText(this)}`;
  }

  get clients(): number {
    return this.#connections.size;
  }

  async listen(): Promise<void> {
    const problem = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      this.#http.once('error', resolve);
      this.#http.listen({ host: this.host, port: this.#wantedPort }, () => {
        this.#http.off('error', resolve);
        resolve(undefined);
      });
    });
    if (problem) throw await this.#cannotListen(problem);
    this.#port = (this.#http.address() as AddressInfo).port;
    this.#http.on('error', (error) => this.#logger.error('serve.broken', { reason: error.message }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #shutDown(): Promise<void> {
    const freed = new Promise((resolve) => this.#http.close(resolve));
    const goodbyes = [...this.#connections].map((connection) => {
      connection.end('The server is going away.');
      return connection.closed;
    });
    await Promise.all(goodbyes);
    this.#http.closeAllConnections();
    this.#websockets.close();
    await freed;
  }

  #admit(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {});
    const reason = this.#closing ? 'Going away.' : refusalAtDoor(request.headers, this.#policy);
    if (reason !== undefined) {
      this.#logger.warn('serve.turned-away', { reason });
      turnAway(socket, '403 Forbidden', reason);
    } else if (this.#connections.size >= MAX_CLIENTS) turnAway(socket, '503 Service Unavailable', 'Too many clients.');
    else this.#websockets.handleUpgrade(request, socket, head, (websocket) => this.#welcome(websocket));
  }

  #welcome(websocket: WebSocket): void {
    const { version, write = false } = this.#options;
    const connection = new ClientConnection(websocket, {
      desk: this.#desk,
      source: this.#source,
      appVersion: appVersionText(version),
      write,
      clock: this.#clock,
      logger: this.#logger,
    });
    this.#connections.add(connection);
    this.#tellClients();
    void connection.closed.then(() => {
      this.#connections.delete(connection);
      this.#tellClients();
    });
  }

  #tellClients(): void {
    this.#logger.debug('serve.clients', { count: this.clients });
    this.#options.onClients?.(this.clients);
  }

  async #cannotListen(cause: NodeJS.ErrnoException): Promise<CausewayError> {
    const { host } = this;
    const port = this.#wantedPort;
    const context = { host, port };
    if (cause.code !== 'EADDRINUSE') {
      const why = 'It takes an address of this machine, and a port above 1023 or more rights.';
      const message = `Cannot listen on ${endpointText({ host, port })}: ${cause.message}.`;
      return new CausewayError('usage', message, { cause, context: { ...context, why } });
    }
    const holder = await portHolder(host, port, this.#clock);
    const by = holder === undefined ? '' : ` by ${holder}`;
    return new CausewayError('port_in_use', `Port ${port} is held${by}.`, {
      cause,
      context: { ...context, ...(holder === undefined ? {} : { holder }) },
      fix: 'Close that program, or choose another port with --port and tell it to your clients. SNI and QUsb2Snes use 23074.',
    });
  }
}

/** Names SNI, because Archipelago's own client warns of every server that does not. */
const appVersionText = (version = '1'): string => `Causeway-${version} (serves like SNI)`;

const turnAway = (socket: Duplex, status: string, reason: string): void => {
  const body = `${reason}\n`;
  // Whoever does not hang up in turn would hold a place, and keep the server from closing.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
};
