import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/free-port.js';
import type { ConsoleFactory, TestConsole } from '../delivery/test-console.js';

const BIN = fileURLToPath(new URL('../../../packages/sni-bridge/bin/causeway-sni.mjs', import.meta.url));

const serve = async (device: string, port: number): Promise<ChildProcess> => {
  const args = ['serve', '--json', '--write', '--device', device, '--port', String(port)];
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!child.stdout) throw new Error('The server was started without a pipe.');
  for await (const line of createInterface({ input: child.stdout })) {
    if (JSON.parse(line).event !== 'server.listening') continue;
    child.stdout.resume();
    return child;
  }
  throw new Error('The server ended before it listened.');
};

/** A console with `causeway-sni serve` in front of it: what happens to it happens behind the server. Needs a build. */
export const servedBy =
  (start: ConsoleFactory): ConsoleFactory =>
  async (image) => {
    const console = await start(image);
    const port = await freePort();
    const server = await serve(console.uri ?? '', port);
    const served: TestConsole = {
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
        const ended = once(server, 'exit');
        server.kill('SIGKILL');
        await ended;
        await console[Symbol.asyncDispose]();
      },
    };
    return served;
  };
