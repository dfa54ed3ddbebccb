import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** An X server of our own without a screen. One serves every emulator of a suite. */
export interface VirtualDisplay extends AsyncDisposable {
  /** Value for the DISPLAY variable. */
  readonly name: string;
}

const readDisplayNumber = async (server: ChildProcess): Promise<string> => {
  let text = '';
  const numbers = server.stdio[3];
  if (!numbers || !('setEncoding' in numbers))
    throw new Error('Xvfb was started without a pipe for its display number');
  numbers.setEncoding('utf8');
  for await (const chunk of numbers) {
    text += String(chunk);
    if (text.includes('\n')) return text.trim();
  }
  throw new Error('Xvfb ended before it named its display');
};

/** Starts Xvfb on a display number it chooses itself, so that suites never collide. */
export const startVirtualDisplay = async (): Promise<VirtualDisplay> => {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '640x600x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const failed = once(server, 'error').then(([error]) => Promise.reject(error));
  const number = await Promise.race([readDisplayNumber(server), failed]);
  return {
    name: `:${number}`,
    [Symbol.asyncDispose]: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
  };
};
