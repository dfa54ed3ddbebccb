import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ArenaAccess } from './arena-access.js';
import { DescriptorAccess, type OpenableArena } from './descriptor-access.js';
import { loadForeignMemory } from './foreign-memory.js';
import { MappedBytes } from './mapped-bytes.js';
import { UpgradingAccess } from './upgrading-access.js';
import { ViewAccess } from './view-access.js';

const SIZE = 0x1_0000;
/** As large as Dolphin's: what is not given back shows. */
const LARGE = 0x404_0000;
const folder = mkdtempSync(join(tmpdir(), 'causeway-access-'));
const path = join(folder, 'arena');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let alive = true;
const arena: OpenableArena = { path, size: SIZE, lockedCacheAt: 0x8000, alive: () => alive, ending: () => 'stopped' };
beforeEach(() => {
  alive = true;
  writeFileSync(path, Buffer.alloc(SIZE));
});

/** Writes one word again and again, as quickly as it can. */
const WRITER = `
  const words = new Int32Array(require('node:worker_threads').workerData);
  for (let round = 0; ; round++) words[2] = round & 1 ? -1 : 0;
`;

const memory = await loadForeignMemory();
const ways: readonly (readonly [string, () => ArenaAccess])[] = [
  ['descriptor', () => new DescriptorAccess(arena)],
  ...(memory ? [['view', () => new ViewAccess(arena, memory)] as const] : []),
];
const lost = expect.objectContaining({ code: 'device_lost' });

it('has the mapped way on the machines that are tested on', () => {
  expect(memory !== undefined).toBe(process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch));
});

describe.each(ways)('memory by %s', (way, open) => {
  let access: ArenaAccess;
  beforeAll(() => writeFileSync(path, Buffer.alloc(SIZE)));
  beforeEach(() => {
    access = open();
    return () => access.close();
  });

  it('says what it is', () => {
    expect(access).toMatchObject({ way, size: SIZE, lockedCacheAt: 0x8000, wholeWords: way === 'view' });
    expect(access.ending?.()).toBe('stopped');
  });

  it('writes what others read, and reads what others write, wherever it lies', () => {
    fc.assert(
      fc.property(fc.nat(SIZE - 700), fc.uint8Array({ minLength: 1, maxLength: 700 }), (offset, data) => {
        access.write(offset, data);
        expect(readFileSync(path).subarray(offset, offset + data.length)).toEqual(Buffer.from(data));
        const back = new Uint8Array(data.length);
        access.read(offset, back);
        expect(back).toEqual(data);
      }),
    );
  });

  it('touches nothing beside', () => {
    for (let offset = 8; offset < 16; offset++) {
      for (let size = 1; size <= 9; size++) {
        access.write(0, new Uint8Array(32));
        access.write(offset, new Uint8Array(size).fill(0xff));
        const expected = Buffer.alloc(32).fill(0xff, offset, offset + size);
        expect(readFileSync(path).subarray(0, 32), `${size} at ${offset}`).toEqual(expected);
      }
    }
  });

  it('takes data that begins anywhere in a larger buffer', () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, index) => index);
    access.write(4, bytes.subarray(3, 11));
    expect([...readFileSync(path).subarray(4, 12)]).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('is over once closed, and closes twice', () => {
    access.close();
    access.close();
    expect(() => access.read(0, new Uint8Array(4))).toThrowError(lost);
    expect(() => access.write(0, new Uint8Array(4))).toThrowError(lost);
  });

  it('does not open what is no longer what was found', () => {
    alive = false;
    expect(open).toThrowError(lost);
  });

  it('does not open what is gone', () => {
    rmSync(path);
    expect(open).toThrowError(lost);
  });
});

it('does not invent bytes behind the end', () => {
  const access = new DescriptorAccess(arena);
  truncateSync(path, 0x100);
  expect(() => access.read(0xf0, new Uint8Array(0x20))).toThrowError(lost);
  access.close();
});

it('never gives half of a word that somebody else is writing', async () => {
  const shared = new SharedArrayBuffer(64);
  const writer = new Worker(WRITER, { eval: true, workerData: shared });
  try {
    const memory = new MappedBytes(shared);
    const three = new Uint8Array(3);
    const four = new Uint8Array(4);
    const seen = new Set<string>();
    await expect
      .poll(
        () => {
          for (let look = 0; look < 100_000; look++) {
            memory.read(8, four);
            seen.add(four.join());
            memory.read(9, three);
            seen.add(`${three.join()},${three[0]}`);
          }
          return [...seen].sort();
        },
        { timeout: 20_000 },
      )
      .toEqual(['0,0,0,0', '255,255,255,255']);
  } finally {
    await writer.terminate();
  }
});

describe.skipIf(!memory)('a view', () => {
  it('is not made of a file that is shorter: touching it would end the process', () => {
    truncateSync(path, SIZE - 1);
    expect(() => memory && new ViewAccess(arena, memory)).toThrowError(lost);
  });

  it('refuses what lies outside', () => {
    const access = memory && new ViewAccess(arena, memory);
    expect(() => access?.write(SIZE - 1, Uint8Array.of(1, 2))).toThrowError(lost);
    expect(() => access?.read(-1, new Uint8Array(1))).toThrowError(lost);
    access?.close();
  });

  it('gives its addresses back, however often a game is found again', async () => {
    if (!memory) return;
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used = (): number => Number(/^VmSize:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
    truncateSync(path, LARGE);
    const before = used();
    for (let times = 0; times < 64; times++) new ViewAccess({ ...arena, size: LARGE }, memory).close();
    await expect
      .poll(() => {
        collect();
        return (used() - before) * 1024;
      })
      .toBeLessThan(8 * LARGE);
  });

  it('lets go of the memory, and leaves zeros to whoever still has the buffer', () => {
    writeFileSync(path, Buffer.alloc(SIZE, 0xaa));
    const fd = openSync(path, 'r+');
    const mapped = memory?.map(fd, SIZE);
    closeSync(fd);
    const bytes = new Uint8Array(mapped?.buffer ?? new ArrayBuffer(0));
    expect(bytes[5]).toBe(0xaa);
    mapped?.release();
    mapped?.release();
    expect(bytes[5]).toBe(0);
    bytes[5] = 1;
    expect(readFileSync(path)[5]).toBe(0xaa);
    expect(readFileSync('/proc/self/maps', 'utf8')).not.toContain(path);
  });
});

describe('UpgradingAccess', () => {
  const readTimes = (access: ArenaAccess, times: number): void => {
    for (let i = 0; i < times; i++) void access.read(0, new Uint8Array(1));
  };

  it('asks for the faster way only once it is used a lot, and then goes over', async () => {
    let asked = 0;
    const faster = new DescriptorAccess(arena);
    const access = new UpgradingAccess(new DescriptorAccess(arena), async () => {
      asked++;
      return Object.defineProperty(faster, 'way', { value: 'fast' });
    });
    readTimes(access, 7);
    expect(asked).toBe(0);
    readTimes(access, 20);
    await new Promise(setImmediate);
    expect([asked, access.way]).toEqual([1, 'fast']);
    readTimes(access, 1);
    await access.close();
    expect(() => faster.read(0, new Uint8Array(1))).toThrowError(lost);
  });

  it('stays with the first where there is no faster one', async () => {
    const access = new UpgradingAccess(new DescriptorAccess(arena), async () => undefined);
    readTimes(access, 20);
    await new Promise(setImmediate);
    readTimes(access, 1);
    expect(access).toMatchObject({ way: 'descriptor', size: SIZE, lockedCacheAt: 0x8000 });
    await access.close();
  });

  it('closes what comes when all is over', async () => {
    let arrive = (_: ArenaAccess): void => {};
    const faster = new DescriptorAccess(arena);
    const access = new UpgradingAccess(
      new DescriptorAccess(arena),
      () =>
        new Promise((resolve) => {
          arrive = resolve;
        }),
    );
    readTimes(access, 8);
    await access.close();
    arrive(faster);
    await new Promise(setImmediate);
    expect(() => faster.read(0, new Uint8Array(1))).toThrowError(lost);
  });
});
