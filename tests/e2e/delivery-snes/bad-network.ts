import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** How often a datagram has each fate, 0 to 1. */
export interface Badness {
  readonly loss: number;
  readonly duplication: number;
  readonly delay: number;
  /** At most; later ones overtake it meanwhile. */
  readonly delayMs: number;
}

/** What happened to datagrams so far. */
export interface Toll {
  lost: number;
  doubled: number;
  late: number;
}

/** Stands between bridge and RetroArch, as a bad network would. Good until {@link BadNetwork.worsen}. */
export class BadNetwork implements AsyncDisposable {
  readonly uri: string;
  readonly toll: Toll = { lost: 0, doubled: 0, late: 0 };
  readonly #front: Socket;
  readonly #target: number;
  readonly #random: () => number;
  /** By the port of the bridge's socket. */
  readonly #backs = new Map<number, Socket>();
  readonly #late = new Set<NodeJS.Timeout>();
  #badness: Badness = { loss: 0, duplication: 0, delay: 0, delayMs: 0 };

  private constructor(front: Socket, target: number, random: () => number) {
    this.#front = front;
    this.#target = target;
    this.#random = random;
    this.uri = `retroarch://127.0.0.1:${front.address().port}`;
    front.on('message', (bytes, { port }) =>
      this.#carry(() => this.#backOf(port).send(bytes, this.#target, '127.0.0.1')),
    );
  }

  static async to(uri: string, random: () => number): Promise<BadNetwork> {
    const front = createSocket('udp4').bind(0, '127.0.0.1');
    await once(front, 'listening');
    return new BadNetwork(front, Number(new URL(uri).port), random);
  }

  worsen(badness: Badness): void {
    this.#badness = badness;
  }

  #carry(send: () => void): void {
    const { loss, duplication, delay, delayMs } = this.#badness;
    if (this.#random() < loss) {
      this.toll.lost++;
      return;
    }
    if (this.#random() < duplication) {
      this.toll.doubled++;
      // At once it would change nothing: the game is not between the two.
      this.#later(send, this.#random() * delayMs);
    }
    if (this.#random() >= delay) {
      send();
      return;
    }
    this.toll.late++;
    this.#later(send, this.#random() * delayMs);
  }

  #later(send: () => void, ms: number): void {
    const timer = setTimeout(() => {
      this.#late.delete(timer);
      send();
    }, ms);
    this.#late.add(timer);
  }

  #backOf(port: number): Socket {
    const known = this.#backs.get(port);
    if (known) return known;
    const back = createSocket('udp4');
    back.on('message', (bytes) => this.#carry(() => this.#front.send(bytes, port, '127.0.0.1')));
    back.on('error', () => {});
    this.#backs.set(port, back);
    return back;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#late) clearTimeout(timer);
    for (const socket of [this.#front, ...this.#backs.values()]) {
      socket.close();
      await once(socket, 'close');
    }
  }
}
