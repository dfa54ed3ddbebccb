import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { LinkFault, TestConsole, TestLink } from '../delivery/test-console.js';

/** Stands between bridge and usb2snes server. Nothing in that protocol confirms a write. */
export class WebSocketProxy implements TestLink {
  readonly uri: string;
  readonly #front: WebSocketServer;
  readonly #target: string;
  readonly #pairs = new Set<readonly [WebSocket, WebSocket]>();
  #armed: { readonly fault: LinkFault; readonly struck: () => void } | undefined;

  private constructor(front: WebSocketServer, target: string) {
    this.#front = front;
    this.#target = target;
    this.uri = `usb2snes://127.0.0.1:${(front.address() as AddressInfo).port}`;
    front.on('connection', (bridge) => this.#join(bridge, new WebSocket(this.#target)));
  }

  static async to({ uri = '' }: TestConsole): Promise<WebSocketProxy> {
    const front = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(front, 'listening');
    return new WebSocketProxy(front, `ws://127.0.0.1:${new URL(uri).port}`);
  }

  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.terminate();
  }

  arm(fault: LinkFault): Promise<void> {
    return new Promise((struck) => {
      this.#armed = { fault, struck };
    });
  }

  #join(bridge: WebSocket, server: WebSocket): void {
    const pair = [bridge, server] as const;
    this.#pairs.add(pair);
    const end = (): void => {
      this.#pairs.delete(pair);
      bridge.terminate();
      server.terminate();
    };
    const strike = (): void => {
      this.#armed?.struck();
      this.#armed = undefined;
      end();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    const opened = once(server, 'open').catch(end);
    let losesAnswer = false;
    bridge.on('message', (data, isBinary) => {
      const writes = this.#armed !== undefined && !isBinary && String(data).includes('"PutAddress"');
      if (writes && this.#armed?.fault === 'request lost') return strike();
      losesAnswer ||= writes;
      void opened.then(() => server.send(data, { binary: isBinary }));
    });
    server.on('message', (data, isBinary) => (losesAnswer ? strike() : bridge.send(data, { binary: isBinary })));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    const closed = once(this.#front, 'close');
    this.#front.close();
    await closed;
  }
}
