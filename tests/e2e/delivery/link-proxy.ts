import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { LinkFault, TestConsole, TestLink } from './test-console.js';

/** A link to a connector script, which speaks JSON lines over TCP. */
export class LinkProxy implements TestLink {
  readonly uri: string;
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #armed: { readonly fault: LinkFault; readonly struck: () => void } | undefined;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.uri = `bizhawk://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('connection', (bridge) =>
      this.#join(bridge, connect({ host: '127.0.0.1', port: target, noDelay: true })),
    );
  }

  static async to({ uri = '' }: TestConsole): Promise<LinkProxy> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new LinkProxy(server, Number(new URL(uri).port));
  }

  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

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
