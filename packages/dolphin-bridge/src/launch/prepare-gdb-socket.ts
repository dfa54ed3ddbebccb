import { chmod, lstat, mkdir, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CausewayError } from '@causeway/protocol/errors';

/** Bytes of a Unix socket's path, without the NUL that ends it: the smaller limit of those systems that have such sockets. */
const PATH_LIMIT = 103;

/**
 * Makes the place for the debugger's socket. Whoever reaches the socket can write the game's memory, so its folder is for this
 * user only; a folder that others may enter is refused rather than changed, as it is not ours to close.
 *
 * Throws `device_unsupported` on Windows, `usage` for a path that is too long, `file_unwritable` for an unfit folder.
 */
export const prepareGdbSocket = async (path: string, platform: NodeJS.Platform): Promise<void> => {
  if (platform === 'win32') {
    throw new CausewayError('device_unsupported', 'Dolphin has no debugger socket on Windows.', {
      fix: 'Start the game without it: on Windows memory is reached through its named section.',
    });
  }
  if (Buffer.byteLength(path) > PATH_LIMIT) {
    throw new CausewayError('usage', `The socket path is longer than ${PATH_LIMIT} bytes.`, {
      fix: 'Choose a shorter path, for example in the folder for temporary files.',
      context: { path },
    });
  }
  const folder = dirname(path);
  const created = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (created !== undefined) await chmod(folder, 0o700);
  const { mode, uid } = await stat(folder);
  if ((mode & 0o077) !== 0 || uid !== process.getuid?.()) {
    throw new CausewayError('file_unwritable', `Others may enter ${folder}.`, {
      fix: 'Choose a folder of your own with mode 0700 for the debugger socket.',
      context: { folder },
    });
  }
  // A socket that a former run left behind keeps Dolphin from listening. Anything else there is not ours to remove.
  const former = await lstat(path).catch(() => undefined);
  if (former?.isSocket()) await rm(path);
  else if (former)
    throw new CausewayError('file_unwritable', `${path} exists and is no socket.`, { context: { path } });
};
