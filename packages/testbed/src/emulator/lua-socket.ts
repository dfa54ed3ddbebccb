import type { Clock } from '@causeway/bridge';
import type { NativeTable } from './lua-api/host.js';
import type { LuaCall } from './lua-call.js';
import { LuaSocketClient, type Pattern } from './lua-socket-client.js';
import { LuaSocketServer } from './lua-socket-server.js';

/** A new socket, before it is known what it becomes. */
const UNBOUND = 'unbound';
type Entry = typeof UNBOUND | LuaSocketServer | LuaSocketClient;

export interface LuaSocketsOptions {
  readonly clock: Clock;
  /** Called whenever a socket may have changed, so that a waiting script looks again. */
  readonly notify: () => void;
  /** Port to bind instead of the one a script asks for. */
  readonly mapPort: (requested: number) => number;
  /** A server that is bound already and stands for the first bind. */
  readonly reserved?: LuaSocketServer;
  /** Called with each port that came to be bound. */
  readonly onBound: (port: number) => void;
  /** Whether `require('socket')` finds anything. */
  readonly offered: boolean;
  /** Bytes that may wait to be sent before `send` reports part of them. */
  readonly sendBytes: number;
}

const isPattern = (value: string): value is Pattern => value === 'l' || value === 'a' || value === 'n';

/**
 * The natives behind LuaSocket's surface (`lua-prelude/socket.ts`): never blocking, sockets by number.
 *
 * Closing all of them is what ends a script's conversation with the world.
 */
export class LuaSockets {
  readonly #options: LuaSocketsOptions;
  readonly #entries = new Map<number, Entry>();
  #reserved: LuaSocketServer | undefined;
  #lastId = 0;

  constructor(options: LuaSocketsOptions) {
    this.#options = options;
    this.#reserved = options.reserved;
  }

  /** The port that has been listened on for longest, of those that still are. */
  get listeningPort(): number | undefined {
    for (const entry of this.#entries.values()) {
      if (entry instanceof LuaSocketServer && entry.binding === true) return entry.port;
    }
    return undefined;
  }

  /** Closes everything at once; unsent bytes are lost, as when a process ends. */
  destroyAll(): void {
    for (const entry of this.#entries.values()) {
      if (entry instanceof LuaSocketClient) entry.destroy();
      else if (entry instanceof LuaSocketServer) entry.close();
    }
    this.#entries.clear();
    this.#reserved?.close();
    this.#reserved = undefined;
  }

  natives(): NativeTable {
    const { clock, offered } = this.#options;
    return {
      offered: () => offered,
      gettime: () => clock.now() / 1000,
      open: () => this.#add(UNBOUND),
      ...this.#serverNatives(),
      ...this.#streamNatives(),
      ...this.#commonNatives(),
    };
  }

  #serverNatives(): NativeTable {
    return {
      bind: (call) => {
        this.#entries.set(call.integer(1), this.#bind(call.text(2), call.integer(3)));
        return [];
      },
      bound: (call) => {
        const server = this.#server(call);
        const state = server?.binding ?? 'closed';
        if (typeof state === 'boolean') return state;
        // A failed bind leaves the object as it was: a script may try the next port with it.
        this.#entries.set(call.integer(1), UNBOUND);
        return [undefined, state];
      },
      listen: (call) => (this.#server(call) === undefined ? [undefined, 'not bound'] : true),
      accept: (call) => {
        const server = this.#server(call);
        if (server === undefined) return undefined;
        const socket = server.accept();
        return socket === undefined ? false : this.#add(new LuaSocketClient(socket, this.#clientOptions(true)));
      },
    };
  }

  #bind(host: string, port: number): LuaSocketServer {
    const { mapPort, notify, onBound } = this.#options;
    const reserved = this.#reserved;
    if (reserved === undefined) return new LuaSocketServer(host, mapPort(port), { notify, onBound });
    this.#reserved = undefined;
    reserved.adopt(notify);
    onBound(reserved.port);
    return reserved;
  }

  #streamNatives(): NativeTable {
    return {
      connect: (call) => {
        const client = LuaSocketClient.dial(call.text(2), call.integer(3), this.#clientOptions(false));
        this.#entries.set(call.integer(1), client);
        return [];
      },
      connected: (call) => {
        const state = this.#client(call)?.connection ?? 'closed';
        return typeof state === 'boolean' ? state : [undefined, state];
      },
      receive: (call) => this.#client(call)?.receive(this.#pattern(call), call.integer(3)),
      take: (call) => this.#client(call)?.take(this.#pattern(call)) ?? '',
      send: (call) => this.#client(call)?.send(call.bytes(2)),
      shutdown: (call) => {
        if (call.text(2) !== 'receive') this.#client(call)?.endSending();
        return [];
      },
    };
  }

  #commonNatives(): NativeTable {
    return {
      close: (call) => {
        const entry = this.#entries.get(call.integer(1));
        this.#entries.delete(call.integer(1));
        if (entry !== undefined && entry !== UNBOUND) entry.close();
        return [];
      },
      readable: (call) => {
        const entry = this.#entries.get(call.integer(1));
        return entry !== UNBOUND && (entry?.readable ?? true);
      },
      writable: (call) => this.#client(call)?.writable ?? false,
      getsockname: (call) => this.#endpoint(this.#bound(call)?.address),
      getpeername: (call) => this.#endpoint(this.#client(call)?.peer),
      setoption: (call) => this.#setOption(call),
      stats: (call) => this.#client(call)?.bytesSent ?? 0,
    };
  }

  #setOption(call: LuaCall): number {
    const client = this.#client(call);
    const name = call.text(2);
    if (name === 'tcp-nodelay') client?.setNoDelay(call.flag(3));
    else if (name === 'keepalive') client?.setKeepAlive(call.flag(3));
    // `reuseaddr` is what Node does anyway; `linger` and the like change nothing a script could see here.
    return 1;
  }

  #clientOptions(connected: boolean) {
    return { connected, sendBytes: this.#options.sendBytes, notify: this.#options.notify };
  }

  #add(entry: Entry): number {
    this.#lastId++;
    this.#entries.set(this.#lastId, entry);
    return this.#lastId;
  }

  #server(call: LuaCall): LuaSocketServer | undefined {
    const entry = this.#entries.get(call.integer(1));
    return entry instanceof LuaSocketServer ? entry : undefined;
  }

  #client(call: LuaCall): LuaSocketClient | undefined {
    const entry = this.#entries.get(call.integer(1));
    return entry instanceof LuaSocketClient ? entry : undefined;
  }

  #bound(call: LuaCall): LuaSocketServer | LuaSocketClient | undefined {
    const entry = this.#entries.get(call.integer(1));
    return entry === UNBOUND ? undefined : entry;
  }

  #pattern(call: LuaCall): Pattern {
    const pattern = call.text(2);
    if (!isPattern(pattern)) throw new TypeError(`no such pattern: ${pattern}`);
    return pattern;
  }

  #endpoint(address: readonly [string, number] | undefined) {
    return address === undefined ? [undefined, 'closed'] : [address[0], address[1], 'inet'];
  }
}
