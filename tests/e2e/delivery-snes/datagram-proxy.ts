import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { LinkFault, TestConsole, TestLink } from '../delivery/test-console.js';

/** How long a cut cable stays cut, milliseconds: shorter than a bridge takes to give up. */
const CUT_MS = 1200;
/** When a held or doubled write arrives, milliseconds: after the driver gave it up, and while later items are on their way. */
const LATE_MS = 1500;
/** What a network may do to a datagram that carries a write. */
export const DATAGRAM_FAULTS: readonly LinkFault[] = [
  'request lost',
  'answer lost',
  'request carried out late',
  'request carried out twice',
];

/** Stands between bridge and RetroArch and loses, holds and doubles datagrams. */
export class DatagramProxy implements TestLink {
  readonly uri: string;
  readonly #front: Socket;
  readonly #target: number;
  /** By the port of the bridge's socket. */
  readonly #backs = new Map<number, Socket>();
  #cutUntil = 0;
  #late: NodeJS.Timeout | undefined;
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

  arm(fault: LinkFault): Promise<void> {
    return new Promise((struck) => {
      this.#armed = { fault, struck };
    });
  }

  #fromBridge(bytes: Buffer, port: number): void {
    if (Date.now() < this.#cutUntil) return;
    const armed = bytes.includes('WRITE_CORE_MEMORY') ? this.#armed : undefined;
    const send = (): void => this.#backOf(port).send(bytes, this.#target, '127.0.0.1');
    if (armed?.fault !== 'request lost' && armed?.fault !== 'request carried out late') send();
    if (!armed) return;
    this.#armed = undefined;
    // The write is carried out, and nothing of what comes back arrives for a while.
    if (armed.fault === 'answer lost') this.cut();
    if (armed.fault === 'request lost' || armed.fault === 'answer lost') {
      armed.struck();
      return;
    }
    this.#late = setTimeout(() => {
      send();
      armed.struck();
    }, LATE_MS);
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
    clearTimeout(this.#late);
    for (const socket of [this.#front, ...this.#backs.values()]) {
      socket.close();
      await once(socket, 'close');
    }
  }
}
