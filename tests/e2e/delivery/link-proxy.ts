import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What to lose next: the request that carries a write before the emulator sees it, or the answer to it. */
export type LinkFault = 'request lost' | 'answer lost';

/** Stands between bridge and emulator and cuts the link at the worst moment. */
export class LinkProxy implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #armed: { readonly fault: LinkFault; readonly struck: () => void } | undefined;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (bridge) =>
      this.#join(bridge, connect({ host: '127.0.0.1', port: target, noDelay: true })),
    );
  }

  static async to(target: number): Promise<LinkProxy> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new LinkProxy(server, target);
  }

  /** Cuts the link now. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  /** Cuts the link around the next write; settles when it has happened. */
  arm(fault: LinkFault): Promise<void> {
    return new Promise((struck) => {
      this.#armed = { fault, struck };
    });
  }

  #join(bridge: Socket, emulator: Socket): void {
    const pair = [bridge, emulator] as const;
    this.#pairs.add(pair);
    let losesAnswer = false;
    const end = (): void => {
      this.#pairs.delete(pair);
      bridge.destroy();
      emulator.destroy();
    };
    const strike = (): void => {
      this.#armed?.struck();
      this.#armed = undefined;
      end();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    bridge.on('data', (chunk) => {
      const writes = this.#armed !== undefined && chunk.includes('"WRITE"');
      if (writes && this.#armed?.fault === 'request lost') return strike();
      losesAnswer ||= writes;
      emulator.write(chunk);
    });
    emulator.on('data', (chunk) => (losesAnswer ? strike() : bridge.write(chunk)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }
}
