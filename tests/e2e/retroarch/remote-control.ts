import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { encodeCommand, parseReply, type RetroArchCommand, type RetroArchReply } from '@causeway/protocol/retroarch';

const AGAIN_MS = 300;
const TRIES = 40;

/** Presses RetroArch's keys from outside, on a socket of its own. */
export class RemoteControl {
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends a key and waits until RetroArch has handled it: it answers what comes after. */
  async press(key: (RetroArchCommand & { kind: 'key' })['key']): Promise<void> {
    await this.#exchange({ kind: 'key', key });
  }

  async status(): Promise<RetroArchReply & { kind: 'status' }> {
    return this.#exchange(undefined);
  }

  async #exchange(first: RetroArchCommand | undefined): Promise<RetroArchReply & { kind: 'status' }> {
    const socket = createSocket('udp4');
    socket.on('error', () => {});
    try {
      socket.connect(this.#port, '127.0.0.1');
      await once(socket, 'connect');
      if (first) socket.send(encodeCommand(first));
      for (let tries = 0; tries < TRIES; tries++) {
        socket.send(encodeCommand({ kind: 'status' }));
        const answer = await Promise.race([
          once(socket, 'message').then(([bytes]) => parseReply(String(bytes))),
          once(AbortSignal.timeout(AGAIN_MS), 'abort').then(() => undefined),
        ]);
        if (answer?.kind === 'status') return answer;
      }
    } finally {
      socket.close();
    }
    throw new Error(`RetroArch on port ${this.#port} does not answer.`);
  }
}
