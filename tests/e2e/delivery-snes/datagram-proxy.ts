import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { LinkFault, TestConsole, TestLink } from '../delivery/test-console.js';

/** How long a cut cable stays cut, milliseconds: shorter than a bridge takes to give up. */
const CUT_MS = 1200;

/** Stands between bridge and RetroArch and loses datagrams. */
export class DatagramProxy implements TestLink {
  readonly uri: string;
  readonly #front: Socket;
  readonly #target: number;
  /** By the port of the bridge's socket. */
  readonly #backs = new Map<number, Socket>();
  #cutUntil = 0;
  #armed: { readonly fault: LinkFault; readonly struck: () => void } | undefined;

  private constructor(front: Socket, target: number) {
    this.#front = front;
    this.#target = target;
    this.uri = `retroarch://127.0.0.1:${front.address().port}`;
    front.on('message', (bytes, from) => this.#fromBridge(bytes, from.port));
  }

  static async to({ uri = '' }: TestConsole): Promise<DatagramProxy> {
    const front = createSocket('udp4').bind(0, '127.0.0.1');
    await once(front, 'listening');
    return new DatagramProxy(front, Number(new URL(uri).port));
  }

  cut(): void {
    this.#cutUntil = Date.now() + CUT_MS;
  }

  /** Loses the next write on its way, or the answers to it. */
  arm(fault: LinkFault): Promise<void> {
    return new Promise((struck) => {
      this.#armed = { fault, struck };
    });
  }

  #fromBridge(bytes: Buffer, port: number): void {
    if (Date.now() < this.#cutUntil) return;
    const strikes = this.#armed !== undefined && bytes.includes('WRITE_CORE_MEMORY');
    const fault = strikes ? this.#armed?.fault : undefined;
    if (strikes) {
      this.#armed?.struck();
      this.#armed = undefined;
    }
    if (fault === 'request lost') return;
    this.#backOf(port).send(bytes, this.#target, '127.0.0.1');
    // The write is carried out, and nothing of what comes back arrives for a while.
    if (fault === 'answer lost') this.cut();
  }

  #backOf(port: number): Socket {
    const known = this.#backs.get(port);
    if (known) return known;
    const back = createSocket('udp4');
    back.on('message', (bytes) => {
      if (Date.now() >= this.#cutUntil) this.#front.send(bytes, port, '127.0.0.1');
    });
    back.on('error', () => {});
    this.#backs.set(port, back);
    return back;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of [this.#front, ...this.#backs.values()]) {
      socket.close();
      await once(socket, 'close');
    }
  }
}
