import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';

/** Presses the buttons of an emulator that runs `remote-control.lua`. */
export class RemoteControl {
  readonly #socket: Socket;
  readonly #lines: Interface;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    this.#lines = createInterface({ input: socket });
  }

  static async connect(port: number, signal: AbortSignal): Promise<RemoteControl> {
    for (;;) {
      signal.throwIfAborted();
      const socket = connect({ host: '127.0.0.1', port, noDelay: true });
      try {
        await once(socket, 'connect', { signal });
        return new RemoteControl(socket);
      } catch (error) {
        socket.destroy();
        if (!(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')) throw error;
        // Nothing announces that the emulator listens now, so asking again is the only way.
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** Sends one command and waits for its answer; commands queue up. */
  send(command: string): Promise<string> {
    const answered = this.#last.then(async () => {
      const line = once(this.#lines, 'line', { signal: AbortSignal.timeout(15_000) });
      this.#socket.write(`${command}\n`);
      const [answer] = await line;
      if (typeof answer !== 'string' || answer.startsWith('failed') || answer === 'unknown') {
        throw new Error(`${command}: ${answer}`);
      }
      return answer;
    });
    this.#last = answered.catch(() => {});
    return answered;
  }

  close(): void {
    this.#socket.destroy();
  }
}
