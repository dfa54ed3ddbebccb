import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Clock } from '@causeway/bridge';
import { MAX_COMMAND } from '@causeway/protocol/retroarch';
import { type Door, listenFailure } from './door.js';
import type { FaultSwitches } from './faults.js';
import { RetroArchCommands, type RetroArchHost } from './retroarch-commands.js';

export interface RetroArchDoorOptions extends RetroArchHost {
  /** UDP; 0 takes a free one. */
  readonly port: number;
  readonly faults: FaultSwitches;
  readonly clock: Clock;
}

const LONGEST_DELAY_MS = 60;
/** What Linux gives a socket for what nobody has read yet; each datagram takes up more of it than its bytes. */
const RECEIVE_BUFFER_BYTES = 212_992;
const DATAGRAM_OVERHEAD_BYTES = 768;

/** RetroArch's network commands, served once per frame. */
class RetroArchDoor implements Door {
  readonly port: number;
  readonly #socket: Socket;
  readonly #options: RetroArchDoorOptions;
  readonly #commands: RetroArchCommands;
  readonly #stopPolling: () => void;
  #waiting: { readonly text: string; readonly from: RemoteInfo }[] = [];
  #waitingBytes = 0;
  #closed: Promise<void> | undefined;

  constructor(socket: Socket, options: RetroArchDoorOptions) {
    this.#socket = socket;
    this.port = socket.address().port;
    this.#options = options;
    this.#commands = new RetroArchCommands(options);
    this.#stopPolling = options.console.onPoll(() => this.#poll());
    socket.on('message', (bytes, from) => {
      const text = bytes.subarray(0, MAX_COMMAND).toString('utf8');
      this.#carry(() => this.#arrive(text, from));
    });
    // Somebody who went away: nothing to be done.
    socket.on('error', () => {});
  }

  /** What finds no room is lost without a word. */
  #arrive(text: string, from: RemoteInfo): void {
    const size = text.length + DATAGRAM_OVERHEAD_BYTES;
    if (this.#waitingBytes + size > RECEIVE_BUFFER_BYTES) return;
    this.#waitingBytes += size;
    this.#waiting.push({ text, from });
  }

  /** All that waits, in the order in which it came. */
  #poll(): void {
    const arrived = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const { text, from } of arrived) {
      for (const line of text.split('\n')) {
        const reply = this.#closed || line === '' ? undefined : this.#commands.answer(line);
        if (reply !== undefined) this.#carry(() => this.#socket.send(reply, from.port, from.address));
      }
    }
  }

  #carry(arrive: () => void): void {
    const { faults, clock } = this.#options;
    const copies =
      (faults.strikes('retroarch-loss', 20) ? 0 : 1) + (faults.strikes('retroarch-duplicates', 10) ? 1 : 0);
    const arriveOpen = (): void => {
      if (!this.#closed) arrive();
    };
    for (let copy = 0; copy < copies; copy++) {
      if (faults.strikes('retroarch-delays', 10)) clock.after(faults.random() * LONGEST_DELAY_MS, arriveOpen);
      else arriveOpen();
    }
  }

  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#stopPolling();
      this.#socket.close(resolve);
    });
    return this.#closed;
  }
}

/** @throws `port_in_use` */
export const openRetroArchDoor = async (options: RetroArchDoorOptions): Promise<Door> => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (cause) => reject(listenFailure('UDP', options.port, cause)));
    socket.bind(options.port, '127.0.0.1', resolve);
  });
  socket.removeAllListeners('error');
  return new RetroArchDoor(socket, options);
};
