import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, type Logger, silentLogger, systemClock } from '@causeway/bridge';
import { CausewayError } from '@causeway/protocol/errors';
import type { RawData, WebSocket } from 'ws';
import type { Client } from './room/client.js';
import { Room } from './room/room.js';
import type { RoomDefinition } from './room/room-definition.js';
import type { RoomEvent } from './room/room-event.js';
import type { RoomInspection } from './room/room-inspection.js';
import type { MultiworldServer, RestartOptions, ServerOptions } from './server-contract.js';
import { Connection } from './transport/connection.js';
import { DelayLine } from './transport/delay-line.js';
import { Faults } from './transport/faults.js';
import { Upgrader } from './transport/upgrade.js';

/** Server stops or restarts. */
const GOING_AWAY = 1001;
/** How long clients may take to answer a close before they are cut off. */
const CLOSE_WITHIN_MS = 2000;

export type { MultiworldServer, RestartOptions, ServerOptions };

/** Starts a server. Throws `port_in_use` when another program holds the port. */
export const startServer = async (options: ServerOptions): Promise<MultiworldServer> => {
  const server = new EmbeddedServer(options);
  await server.listen(options.port ?? 0);
  return server;
};

const withOverrides = (options: ServerOptions): RoomDefinition => ({
  ...options.room,
  seed: options.seed ?? options.room.seed,
  options: {
    ...options.room.options,
    ...options.options,
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.serverPassword === undefined ? {} : { serverPassword: options.serverPassword }),
  },
});

class EmbeddedServer implements MultiworldServer {
  readonly host: string;
  readonly faults: Faults;
  readonly stopped: Promise<void>;
  readonly #room: Room;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #connections = new Set<Connection>();
  readonly #byClient = new Map<Client, Connection>();
  readonly #delays = new Map<Connection, { readonly inward: DelayLine; readonly outward: DelayLine }>();
  readonly #upgrader = new Upgrader();
  #http: Server | undefined;
  #port = 0;
  #settleStopped: () => void = () => {};

  constructor(options: ServerOptions) {
    this.host = options.host ?? '127.0.0.1';
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.faults = new Faults(this.#connections);
    this.stopped = new Promise((resolve) => {
      this.#settleStopped = resolve;
    });
    const outlet = {
      send: (client: Client, text: string) => this.#send(client, text),
      close: (client: Client, code: number) => this.#close(client, code),
    };
    this.#room = new Room(withOverrides(options), outlet, {
      clock: this.#clock,
      random: options.random ?? Math.random,
      logger: this.#logger,
      emit: (event) => this.#tell(event, options.onEvent),
    });
    this.#room.hooks = { exit: () => void this.stop(), save: () => options.onSave?.(this.save()) };
    if (options.save !== undefined) this.#room.load(options.save);
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return `ws://${host}:${this.#port}`;
  }

  get room(): RoomInspection {
    return this.#room.inspect;
  }

  get connections(): number {
    return this.#connections.size;
  }

  console(line: string): readonly string[] {
    return this.#room.console(line);
  }

  save(): string {
    return this.#room.save();
  }

  async listen(port: number): Promise<void> {
    const http = createServer((_, response) => {
      response.writeHead(426, { 'Content-Type': 'text/plain', Connection: 'close' });
      response.end('This is a multiworld server: connect with a websocket.\n');
    });
    http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#port = await listening(http, port, this.host);
    this.#http = http;
    this.#logger.info('server.listening', { host: this.host, port: this.#port });
  }

  async restart(options: RestartOptions = {}): Promise<void> {
    await this.#shut();
    if (options.save !== undefined) this.#room.load(options.save);
    await this.listen(options.port ?? this.#port);
  }

  async stop(): Promise<void> {
    await this.#shut();
    this.#room.dispose();
    this.#upgrader.close();
    this.#settleStopped();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** A listener that throws must not cost a player the connection. */
  #tell(event: RoomEvent, listener: ServerOptions['onEvent']): void {
    try {
      listener?.(event);
    } catch (error) {
      this.#logger.error('server.listener', { error: String(error) });
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (this.faults.refuseConnections) {
      socket.destroy();
      return;
    }
    this.#upgrader.accept(request, socket, head, (websocket, compressed) => this.#open(websocket, socket, compressed));
  }

  #open(websocket: WebSocket, socket: Duplex, compressed: boolean): void {
    const client = this.#room.open({ compressed });
    const connection = new Connection(client, websocket, socket, this.#clock);
    this.#connections.add(connection);
    this.#byClient.set(client, connection);
    this.#delays.set(connection, { inward: new DelayLine(this.#clock), outward: new DelayLine(this.#clock) });
    websocket.on('message', (data, isBinary) => this.#message(connection, data, isBinary));
    // `ws` answers what breaks the rules with the right close code; the close event follows.
    websocket.on('error', (error) => this.#logger.debug('server.socket', { error: error.message }));
    websocket.on('close', () => this.#gone(connection));
    this.#room.greet(client);
  }

  #message(connection: Connection, data: RawData, isBinary: boolean): void {
    if (connection.ended || connection.frozen) return;
    if (this.faults.countsOut(connection)) {
      connection.cut();
      return;
    }
    this.#delays.get(connection)?.inward.push(this.faults.delayMs, () => {
      if (connection.ended) return;
      if (isBinary) this.#room.receiveBinary(connection.client);
      else this.#room.receive(connection.client, data.toString());
    });
  }

  #send(client: Client, text: string): void {
    const connection = this.#byClient.get(client);
    if (!connection || connection.ended) return;
    if (this.faults.countsOut(connection)) {
      connection.cut();
      return;
    }
    for (const message of this.faults.outgoing(connection, text)) {
      this.#delays.get(connection)?.outward.push(this.faults.delayMs, () => connection.sendRaw(message));
    }
  }

  #close(client: Client, code: number): void {
    this.#byClient.get(client)?.close(code);
  }

  #gone(connection: Connection): void {
    connection.end();
    this.#connections.delete(connection);
    this.#byClient.delete(connection.client);
    const delays = this.#delays.get(connection);
    delays?.inward.clear();
    delays?.outward.clear();
    this.#delays.delete(connection);
    this.#room.leave(connection.client);
  }

  async #shut(): Promise<void> {
    const http = this.#http;
    this.#http = undefined;
    if (!http) return;
    const closed = new Promise<void>((resolve) => http.close(() => resolve()));
    for (const connection of this.#connections) connection.close(GOING_AWAY);
    const cancel = this.#clock.after(CLOSE_WITHIN_MS, () => this.#cutAll(http));
    http.closeIdleConnections();
    await closed;
    cancel();
    for (const connection of [...this.#connections]) this.#gone(connection);
  }

  #cutAll(http: Server): void {
    for (const connection of this.#connections) connection.cut();
    http.closeAllConnections();
  }
}

const listening = (http: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(CausewayError.from(error));
      const message = `Port ${port} is in use by another program.`;
      reject(new CausewayError('port_in_use', message, { cause: error, context: { host, port } }));
    });
    http.listen({ port, host }, () => resolve((http.address() as AddressInfo).port));
  });
