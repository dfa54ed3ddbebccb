import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endsWithUs } from '../../support/ends-with-us.js';
import { freePort } from '../../support/free-port.js';
import type { ConsoleFactory } from '../delivery/test-console.js';

const BIN = fileURLToPath(new URL('../../../packages/sni-bridge/bin/causeway-sni.mjs', import.meta.url));

/** `causeway-sni serve` in a process of its own. */
class ServerProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #guard: Disposable;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#guard = endsWithUs(child.pid);
  }

  static async start(device: string, port: number): Promise<ServerProcess> {
    const args = ['serve', '--json', '--write', '--device', device, '--port', String(port)];
    const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const server = new ServerProcess(child);
    for await (const line of createInterface({ input: child.stdout })) {
      if (JSON.parse(line).event !== 'server.listening') continue;
      child.stdout.resume();
      return server;
    }
    await server[Symbol.asyncDispose]();
    throw new Error('The server ended before it listened.');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await ended;
    }
    this.#guard[Symbol.dispose]();
  }
}

/** A console with `causeway-sni serve` in front of it: what happens to it happens behind the server. Needs a build. */
export const servedBy =
  (start: ConsoleFactory): ConsoleFactory =>
  async (image) => {
    const console = await start(image);
    const port = await freePort();
    const server = await ServerProcess.start(console.uri ?? '', port).catch(async (error: unknown) => {
      await console[Symbol.asyncDispose]();
      throw error;
    });
    return {
      uri: `usb2snes://127.0.0.1:${port}`,
      saveState: () => console.saveState(),
      loadState: () => console.loadState(),
      softReset: () => console.softReset(),
      powerCycle: () => console.powerCycle(),
      pause: () => console.pause(),
      resume: () => console.resume(),
      kill: () => console.kill(),
      quit: () => console.quit(),
      start: () => console.start(),
      [Symbol.asyncDispose]: async () => {
        await server[Symbol.asyncDispose]();
        await console[Symbol.asyncDispose]();
      },
    };
  };
