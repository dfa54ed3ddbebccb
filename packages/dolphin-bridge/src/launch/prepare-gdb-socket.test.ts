import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareGdbSocket } from './prepare-gdb-socket.js';

describe.skipIf(process.platform === 'win32')('prepareGdbSocket', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'causeway-gdb-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('makes a folder for this user only', async () => {
    await prepareGdbSocket(join(folder, 'new', 'gdb'), 'linux');
    expect((await stat(join(folder, 'new'))).mode & 0o777).toBe(0o700);
  });

  it('refuses a folder that others may enter', async () => {
    await chmod(folder, 0o711);
    await expect(prepareGdbSocket(join(folder, 'gdb'), 'linux')).rejects.toMatchObject({
      code: 'file_unwritable',
      fix: expect.stringContaining('0700'),
    });
  });

  it('removes the socket of a former run, and nothing else', async () => {
    const path = join(folder, 'gdb');
    const server = createServer().listen(path);
    await once(server, 'listening');
    await prepareGdbSocket(path, 'linux');
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
    server.close();
    await writeFile(path, 'mine');
    await expect(prepareGdbSocket(path, 'linux')).rejects.toMatchObject({ code: 'file_unwritable' });
  });

  it('knows where there can be none', async () => {
    await expect(prepareGdbSocket('C:\\gdb', 'win32')).rejects.toMatchObject({ code: 'device_unsupported' });
    await expect(prepareGdbSocket(join(folder, 'x'.repeat(120)), 'linux')).rejects.toMatchObject({ code: 'usage' });
  });
});
