import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGdbSource } from './gdb-source.js';

describe.skipIf(process.platform === 'win32')('the source of one debugger connection', () => {
  let folder: string;
  let server: Server | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'causeway-gdb-'));
  });
  afterEach(async () => {
    server?.close();
    server = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  it('finds it without connecting, which could be done only once', async () => {
    const path = join(folder, 'gdb');
    let connections = 0;
    server = createServer(() => connections++).listen(path);
    await once(server, 'listening');
    const source = createGdbSource({ endpoint: { kind: 'socket', path }, pid: 4242 });
    const { found } = await source.find({});
    expect(found).toMatchObject([{ kind: 'arena', pid: 4242, key: `dolphin://socket${path}` }]);
    expect((await source.find({ pid: 4242 })).found).toHaveLength(1);
    expect((await source.find({ pid: 1 })).found).toEqual([]);
    expect(connections).toBe(0);
  });

  it('finds nothing where there is no socket', async () => {
    const path = join(folder, 'gdb');
    const source = createGdbSource({ endpoint: { kind: 'socket', path } });
    expect((await source.find({})).found).toEqual([]);
    await writeFile(path, '');
    expect((await source.find({})).found).toEqual([]);
  });

  it('does not look once aborted', async () => {
    const source = createGdbSource({ endpoint: { kind: 'tcp', host: '127.0.0.1', port: 1 } });
    await expect(source.find({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
