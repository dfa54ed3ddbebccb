import { createBizHawkDriver } from '@causeway/bizhawk-bridge';
import { type BridgeOptions, type Session, type SessionEvent, startBridge } from '@causeway/bridge';

const lineOf = (event: SessionEvent): string | undefined => {
  switch (event.event) {
    case 'server.connected':
      return `Playing as ${event.slot}`;
    case 'server.lost':
      return 'Connection lost, trying again';
    case 'item.delivered':
      return `Received ${event.name}`;
    case 'device.lost':
      return 'The emulator is gone';
    default:
      return undefined;
  }
};

/** What a launcher shows: here lines of text, in yours whatever your window is made of. */
export class LauncherWindow implements AsyncDisposable {
  readonly #session: Session;
  readonly #lines: string[] = [];
  readonly #shown: Promise<void>;
  #wake: () => void = () => {};

  constructor(choice: Omit<BridgeOptions, 'driver'>) {
    this.#session = startBridge({ driver: createBizHawkDriver(), ...choice });
    this.#shown = this.#show();
  }

  /** Resolves with the next line that begins so; lines are used up by looking. Rejects when the session ends before. */
  async shows(beginning: string): Promise<string> {
    for (;;) {
      for (let line = this.#lines.shift(); line !== undefined; line = this.#lines.shift()) {
        if (line.startsWith(beginning)) return line;
      }
      await Promise.race([new Promise<void>((resolve) => (this.#wake = resolve)), this.#failWhenOver(beginning)]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.stop();
    await this.#shown;
  }

  async #show(): Promise<void> {
    for await (const event of this.#session.events()) {
      const line = lineOf(event);
      if (line === undefined) continue;
      this.#lines.push(line);
      this.#wake();
    }
  }

  async #failWhenOver(beginning: string): Promise<never> {
    await this.#session.done;
    throw new Error(`The session ended before it showed “${beginning}”.`);
  }
}
