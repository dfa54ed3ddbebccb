import { createServer } from 'node:net';
import { CausewayError } from '@causeway/protocol/errors';
import { errorCode } from './proc-tree.js';

/** A name that the kernel forgets with the process that holds it. No file. */
const nameOf = (key: string): string => `\0causeway-dolphin-writer-${key}`;

/**
 * Makes this process the one bridge that writes to an arena. Resolves with what gives it up again.
 *
 * Rejects with `device_busy` when another one does. Where the system has no such names there is nothing to hold: then nobody is
 * refused.
 *
 * @param key the same for everybody who has that arena open
 */
export const claimWriting = (key: string): Promise<() => void> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => {
      if (errorCode(error) !== 'EADDRINUSE') resolve(() => {});
      else reject(taken());
    });
    server.listen({ path: nameOf(key) }, () => {
      server.unref();
      resolve(() => server.close());
    });
  });

const taken = (): CausewayError =>
  new CausewayError('device_busy', 'Another Causeway already writes to this game.', {
    fix: 'Close the other one: two would give items twice.',
  });
