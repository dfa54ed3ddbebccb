import { describe, expect, it } from 'vitest';
import { inspectGame } from '../game-facts.js';
import { lowMemoryBytes } from '../testing/low-memory-bytes.js';
import type { MachApi } from './mach-api.js';
import { createMachSource } from './mach-source.js';

const MEM1 = 0x0200_0000;
const MEM2 = 0x0400_0000;
const THIRD_AT = 0x0204_0000;

interface Piece {
  readonly base: bigint;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly writable?: boolean;
}

const piece = (base: bigint, offset: number, size: number, first: Uint8Array = new Uint8Array(0)): Piece => {
  const bytes = new Uint8Array(size);
  bytes.set(first);
  return { base, offset, bytes };
};

/** A Mac with one Dolphin; `pieces` undefined: macOS does not let us look into it. */
const mac = (pieces: readonly Piece[] | undefined) => {
  const tasks = new Set<number>();
  const place = (task: number, base: bigint, size: number): Uint8Array | undefined => {
    if (!tasks.has(task)) throw new Error('used after it was closed');
    const found = pieces?.find(
      (each) => base >= each.base && base + BigInt(size) <= each.base + BigInt(each.bytes.length),
    );
    return found?.bytes.subarray(Number(base - found.base), Number(base - found.base) + size);
  };
  const api: MachApi = {
    processes: () => [
      { pid: 1, name: 'launchd' },
      { pid: 42, name: 'Dolphin' },
      { pid: 43, name: 'dolphin-memory-engine' },
    ],
    openTask: (pid) => {
      if (!pieces) return undefined;
      const task = pid * 100 + tasks.size;
      tasks.add(task);
      return task;
    },
    regions: () =>
      (pieces ?? []).map(({ base, offset, bytes, writable = true }) => ({
        base,
        offset,
        size: bytes.length,
        writable,
      })),
    read: (task, base, target) => {
      const from = place(task, base, target.length);
      if (from) target.set(from);
      return from !== undefined;
    },
    write: (task, base, data) => {
      const to = place(task, base, data.length);
      to?.set(data);
      return to !== undefined;
    },
    closeTask: (task) => {
      tasks.delete(task);
    },
  };
  return { api, tasks };
};

describe('Dolphin on macOS, with its calls played', () => {
  it('is found by where its mappings begin in the arena, and by low memory', async () => {
    const low = lowMemoryBytes({ system: 'Wii', id: 'RRGE99' });
    const { api, tasks } = mac([
      { ...piece(0x1000n, 0, MEM1, low), writable: false },
      piece(0x4000_0000n, 0, MEM1),
      piece(0x8000_0000n, 0, MEM1, low),
      piece(0x9000_0000n, THIRD_AT, MEM2, Buffer.from('mem2')),
    ]);
    const source = await createMachSource({ api });
    const { found } = await source.find({});
    expect(found).toMatchObject([{ kind: 'arena', pid: 42, process: 'Dolphin' }]);
    expect(tasks.size).toBe(0);
    const [arena] = found;
    if (arena?.kind !== 'arena') throw new Error('no arena');
    const access = await arena.open();
    expect((await inspectGame(access))?.layout).toMatchObject({ system: 'Wii', mem2: { at: THIRD_AT } });
    await access.write(THIRD_AT + 1, Uint8Array.of(0x45));
    const four = new Uint8Array(4);
    await access.read(THIRD_AT, four);
    expect(Buffer.from(four).toString()).toBe('mEm2');
    await access.close();
    expect(tasks.size).toBe(0);
  });

  it('that was not signed for it is told with what to do', async () => {
    const { found } = await (await createMachSource({ api: mac(undefined).api })).find({});
    expect(found).toMatchObject([{ kind: 'forbidden', pid: 42, fix: expect.stringContaining('debugger connection') }]);
  });

  it('is idle without a game', async () => {
    const { api, tasks } = mac([piece(0x8000_0000n, 0, MEM1)]);
    const source = await createMachSource({ api });
    expect((await source.find({ pid: 42 })).found).toEqual([{ kind: 'idle', pid: 42, process: 'Dolphin' }]);
    expect((await source.find({ pid: 1 })).found).toEqual([]);
    expect(tasks.size).toBe(0);
  });
});
