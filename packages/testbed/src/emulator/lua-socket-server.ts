import { createServer, type Server, type Socket } from 'node:net';
import { CausewayError } from '@causeway/protocol/errors';
import { socketErrorText } from './socket-error.js';

/** Connections that may wait for `accept`. Node accepts by itself, so a smaller backlog cannot be kept. */
const MAX_WAITING = 64;

/** A listening TCP socket. Node binds and listens in one step; what connects before `listen` waits. */
export class LuaSocketServer {
  readonly #server: Server;
  readonly #waiting: Socket[] = [];
  #notify: () => void;
  #bound = false;
  #failure: string | undefined;

  constructor(host: string, port: number, options: { notify: () => void; onBound: (port: number) => void }) {
    this.#notify = options.notify;
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      if (this.#waiting.length >= MAX_WAITING) {
        socket.destroy();
        return;
      }
      socket.on('error', () => {});
      this.#waiting.push(socket);
      this.#notify();
    });
    this.#server.on('error', (error) => {
      this.#failure = socketErrorText(error);
      this.#notify();
    });
    this.#server.listen({ host, port, exclusive: true }, () => {
      this.#bound = true;
      options.onBound(this.port);
      this.#notify();
    });
  }

  /**
   * Binds a free port for a script that will ask for it later.
   *
   * Finding a free port, letting go of it and binding it again would leave a moment for somebody else to take it.
   *
   * @throws `port_in_use` when there is none
   */
  static reserve(): Promise<LuaSocketServer> {
    return new Promise((resolve, reject) => {
      const server = new LuaSocketServer('127.0.0.1', 0, {
        notify: () => {
          const failure = server.binding;
          if (typeof failure === 'string')
            reject(new CausewayError('port_in_use', 'no free port', { context: { failure } }));
        },
        onBound: () => resolve(server),
      });
    });
  }

  /** Gives a reserved server to the script that asked for its port. */
  adopt(notify: () => void): void {
    this.#notify = notify;
  }

  /** `true`, `false` while binding, or why it failed. */
  get binding(): boolean | string {
    return this.#failure ?? this.#bound;
  }

  get port(): number {
    return this.address?.[1] ?? 0;
  }

  get address(): readonly [host: string, port: number] | undefined {
    const address = this.#server.address();
    return address === null || typeof address === 'string' ? undefined : [address.address, address.port];
  }

  get readable(): boolean {
    return this.#waiting.length > 0;
  }

  accept(): Socket | undefined {
    return this.#waiting.shift();
  }

  /** Stops listening. Who was waiting is turned away; accepted sockets live on. */
  close(): void {
    for (const socket of this.#waiting.splice(0)) socket.destroy();
    this.#server.close();
  }
}
