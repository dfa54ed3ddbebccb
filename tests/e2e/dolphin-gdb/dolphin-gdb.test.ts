import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dolphinProgramPath, MAGIC, STATE } from '@causeway/testbed/dolphin-game';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ArenaAccess } from '../../../packages/dolphin-bridge/src/access/arena-access.js';
import { openGdbAccess } from '../../../packages/dolphin-bridge/src/gdb/gdb-access.js';
import { type GdbEndpoint, parseGdbUri } from '../../../packages/dolphin-bridge/src/gdb/gdb-endpoint.js';
import { GDB_PACKET_BYTES } from '../../../packages/dolphin-bridge/src/gdb/gdb-memory.js';
import { type LaunchedDolphin, launchDolphin } from '../../../packages/dolphin-bridge/src/launch/launch-dolphin.js';
import { freePort } from '../../support/free-port.js';
import { toolAvailable } from '../../support/require-tool.js';
import { DOLPHIN_PROBE } from '../dolphin/dolphin.js';

const here = toolAvailable('dolphin', DOLPHIN_PROBE);
const LIMIT_MS = 20_000;

const read = async (access: ArenaAccess, offset: number, size: number): Promise<Buffer> => {
  const bytes = Buffer.alloc(size);
  await access.read(offset, bytes, AbortSignal.timeout(LIMIT_MS));
  return bytes;
};
const word = async (access: ArenaAccess, offset: number): Promise<number> =>
  (await read(access, offset, 4)).readUInt32BE(0);

const until = async (test: () => Promise<boolean>): Promise<void> => {
  const limit = Date.now() + LIMIT_MS;
  while (!(await test())) if (Date.now() > limit) throw new Error('it did not happen in time');
};

describe.skipIf(!here).each(['gc', 'wii'] as const)('the debugger connection of a real Dolphin, %s', (build) => {
  let folder: string;
  let dolphin: LaunchedDolphin;
  let access: ArenaAccess;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'causeway-gdb-'));
    dolphin = await launchDolphin({
      image: dolphinProgramPath(build),
      userFolder: join(folder, 'user'),
      build: 'nogui',
      headless: true,
      gdbSocket: join(folder, 'gdb', 'socket'),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const endpoint = parseGdbUri(new URL(dolphin.uri));
    if (!endpoint) throw new Error(`${dolphin.uri} names no debugger connection`);
    access = await openGdbAccess({ endpoint }, AbortSignal.timeout(LIMIT_MS));
    await until(async () =>
      (await read(access, STATE.magic.offset, 8)).toString('latin1').startsWith(MAGIC.slice(0, 8)),
    );
  });

  afterAll(async () => {
    await access?.close();
    await dolphin?.kill();
    if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  test('tells the console by its memory', () => {
    expect(access.lockedCacheAt).toBe(0x0200_0000);
    expect(access.size).toBe(build === 'wii' ? 0x0604_0000 : 0x0204_0000);
  });

  test('lets the game run, and reads while it does', async () => {
    const first = await word(access, STATE.frame.offset);
    await until(async () => (await word(access, STATE.frame.offset)) > first + 10);
  });

  test('writes more than one packet and reads it back', async () => {
    const data = Uint8Array.from({ length: 3 * GDB_PACKET_BYTES + 7 }, (_, at) => (at * 31) & 0xff);
    await access.write(0x0050_0001, data);
    expect(await read(access, 0x0050_0001, data.length)).toEqual(Buffer.from(data));
  });

  test('reads a block that is rewritten every frame without ever seeing half of it', async () => {
    const seen = new Set<number>();
    await until(async () => {
      const block = await read(access, STATE.seqlock.offset, STATE.seqlock.size);
      const words = Array.from({ length: block.length / 4 }, (_, at) => block.readUInt32BE(at * 4));
      const [sequence = 0, ...rest] = words;
      // An odd sequence says that the game is amid its rewriting: a whole moment, and not one to read values from.
      if (sequence % 2 === 0) expect(new Set(rest).size).toBe(1);
      seen.add(sequence);
      return seen.size > 20;
    });
  });

  test('goes on after an address that is no memory, and after a call that was given up', async () => {
    await expect(read(access, 0x0180_0000, 4)).rejects.toMatchObject({ code: 'address_unmapped' });
    const given = new AbortController();
    const left = access.read(STATE.frame.offset, new Uint8Array(4), given.signal);
    given.abort(new Error('never mind'));
    await expect(left).rejects.toThrow('never mind');
    expect((await read(access, STATE.magic.offset, 8)).toString('latin1')).toMatch(/^[A-Z]+/);
  });

  if (build === 'wii') {
    test('reads and writes MEM2', async () => {
      const at = 0x0204_0000 + 0x0010_0000 + 0x4000;
      await access.write(at, Uint8Array.of(1, 2, 3, 4));
      expect([...(await read(access, at, 4))]).toEqual([1, 2, 3, 4]);
    });
  }

  test('is lost when the game is stopped, which ends in order', async () => {
    expect(await dolphin.stop()).toEqual({ code: 0, signal: null });
    await expect(until(async () => (await word(access, 0)) < 0)).rejects.toMatchObject({ code: 'device_lost' });
    expect(access.alive()).toBe(false);
  });
});

test.skipIf(!here)('over TCP a read takes a millisecond, not the 44 of a delayed acknowledgement', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-gdb-'));
  const port = await freePort();
  const launched = launchDolphin({
    image: dolphinProgramPath('gc'),
    userFolder: join(folder, 'user'),
    build: 'nogui',
    headless: true,
    config: { 'Dolphin.General.GDBPort': String(port) },
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  const endpoint: GdbEndpoint = { kind: 'tcp', host: '127.0.0.1', port };
  const connect = async (): Promise<ArenaAccess> => {
    const limit = Date.now() + LIMIT_MS;
    for (;;) {
      try {
        return await openGdbAccess({ endpoint }, AbortSignal.timeout(LIMIT_MS));
      } catch (error) {
        if (Date.now() > limit) throw error;
      }
    }
  };
  try {
    const access = await connect();
    await launched;
    const times: number[] = [];
    for (let look = 0; look < 50; look++) {
      const before = performance.now();
      await read(access, 0, 4);
      times.push(performance.now() - before);
    }
    await access.close();
    expect(times.sort((a, b) => a - b)[25]).toBeLessThan(20);
  } finally {
    await launched.then((dolphin) => dolphin.kill()).catch(() => {});
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
});
