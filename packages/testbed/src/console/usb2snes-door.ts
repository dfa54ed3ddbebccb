import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { ServedAs, Usb2SnesPersonality } from './console-options.js';
import { type Door, listenFailure } from './door.js';
import type { FaultSwitches } from './faults.js';
import type { ServedConsole } from './served-console.js';
import { Usb2SnesClient } from './usb2snes-client.js';
import { PERSONALITIES, type Personality } from './usb2snes-personality.js';

export interface Usb2SnesDoorOptions {
  /** TCP; 0 takes a free one. */
  readonly port: number;
  readonly personality: Usb2SnesPersonality;
  readonly served: ServedConsole;
  readonly servedAs: ServedAs;
  readonly faults: FaultSwitches;
}

const MAX_MESSAGE_BYTES = 1 << 20;
const BOTH: readonly ServedAs[] = ['retroarch', 'nwa'];

/** What all clients of one server share. */
export class Usb2SnesServer {
  readonly personality: Personality;
  readonly served: ServedConsole;
  readonly faults: FaultSwitches;
  readonly clients = new Set<Usb2SnesClient>();
  readonly #servedAs: ServedAs;
  #lists = 0;

  constructor({ personality, served, servedAs, faults }: Usb2SnesDoorOptions) {
    this.personality = PERSONALITIES[personality];
    this.served = served;
    this.faults = faults;
    this.#servedAs = servedAs;
  }

  /** Names for one `DeviceList`. */
  list(): readonly string[] {
    const odd = this.#lists++ % 2 === 1;
    if (!this.served.present || (odd && this.faults.has('usb2snes-list-incomplete'))) return [];
    const names = this.#views().map((as) => this.personality.deviceName(as, this.served));
    return odd ? names.toReversed() : names;
  }

  /** What a name stands for; nothing for names that are in no list. */
  deviceNamed(name: string): ServedAs | undefined {
    return this.#views().find((as) => this.personality.deviceName(as, this.served) === name);
  }

  /** One client made a mistake. */
  fail(client: Usb2SnesClient, reason: string): void {
    const all = this.faults.has('usb2snes-closes-all');
    for (const each of all ? [...this.clients] : [client]) each.end(reason);
  }

  #views(): readonly ServedAs[] {
    return this.faults.has('usb2snes-list-reordered') ? BOTH : [this.#servedAs];
  }
}

/** A usb2snes server, as SNI or as QUsb2Snes. @throws `port_in_use` */
export const openUsb2SnesDoor = async (options: Usb2SnesDoorOptions): Promise<Door> => {
  const state = new Usb2SnesServer(options);
  const sockets = new WebSocketServer({ port: options.port, host: '127.0.0.1', maxPayload: MAX_MESSAGE_BYTES });
  try {
    await once(sockets, 'listening');
  } catch (cause) {
    throw listenFailure('TCP', options.port, cause);
  }
  sockets.on('connection', (socket) => {
    const client = new Usb2SnesClient(socket, state);
    state.clients.add(client);
    socket.on('close', () => state.clients.delete(client));
  });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      sockets.close(() => resolve());
      for (const socket of sockets.clients) socket.terminate();
    });
  return {
    port: (sockets.address() as AddressInfo).port,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};
