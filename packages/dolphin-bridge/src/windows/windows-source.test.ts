import { describe, expect, it } from 'vitest';
import type { ArenaAccess } from '../access/arena-access.js';
import type { DolphinSighting } from '../access/dolphin-source.js';
import { inspectGame } from '../game-facts.js';
import { lowMemoryBytes } from '../testing/low-memory-bytes.js';
import { type FakeRegion, FakeWindows } from './testing/fake-windows.js';
import { createWindowsSource } from './windows-source.js';

const MEM1 = 0x0200_0000;
const MEM2 = 0x0400_0000;
const THIRD_AT = 0x0204_0000;
const LOGICAL = 0x2_0000_0000n;
const GC = { system: 'GC', id: 'GRGE99' } as const;
const WII = { system: 'Wii', id: 'RRGE99' } as const;

const filled = (size: number, first: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(size);
  bytes.set(first);
  return bytes;
};
const region = (base: bigint, size: number, first: Uint8Array = new Uint8Array(0)): FakeRegion => ({
  base: LOGICAL + base,
  bytes: filled(size, first),
});
const finding = async (api: FakeWindows, processName?: string): Promise<readonly DolphinSighting[]> =>
  (await (await createWindowsSource({ api, processName })).find({})).found;
const opened = async (api: FakeWindows): Promise<ArenaAccess> => {
  const [sighting] = await finding(api);
  if (sighting?.kind !== 'arena') throw new Error(`${sighting?.kind} is no arena`);
  return sighting.open();
};

describe('Dolphin whose memory has a name', () => {
  const start = () => {
    const section = filled(0x0404_0000, lowMemoryBytes(GC));
    return { section, api: new FakeWindows({ pid: 4, name: 'System' }, { pid: 42, name: 'renamed.exe', section }) };
  };

  it('is found under whatever name it runs, and nothing stays open', async () => {
    const { api } = start();
    expect(await finding(api)).toMatchObject([{ kind: 'arena', pid: 42, process: 'renamed.exe', key: 'section:42' }]);
    expect(api.open.size).toBe(0);
    expect((await (await createWindowsSource({ api })).find({ pid: 4 })).found).toEqual([]);
  });

  it('is reached by mapping, and only the mapping is kept', async () => {
    const { api, section } = start();
    const access = await opened(api);
    expect(access.way).toBe('section');
    expect((await inspectGame(access))?.layout).toMatchObject({ system: 'GC', fakeVmem: { at: THIRD_AT } });
    await access.write(0x1001, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    expect([...section.subarray(0x1000, 0x100a)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 0]);
    const big = Uint8Array.from({ length: 1000 }, (_, at) => at & 0xff);
    await access.write(0x2000, big);
    const back = new Uint8Array(1000);
    await access.read(0x2000, back);
    expect(back).toEqual(big);
    expect([api.open.size, api.views]).toEqual([0, 1]);
    await access.close();
    await access.close();
    expect(api.views).toBe(0);
    expect(() => access.read(0, new Uint8Array(1))).toThrow(expect.objectContaining({ code: 'device_lost' }));
  });

  it('is gone when its name is', async () => {
    const { api } = start();
    const access = await opened(api);
    expect(access.alive()).toBe(true);
    expect(api.open.size).toBe(0);
    api.end(42);
    expect(access.alive()).toBe(false);
  });

  it('never reads or writes beyond its end', async () => {
    const access = await opened(start().api);
    for (const offset of [-1, access.size - 3, access.size]) {
      expect(() => access.read(offset, new Uint8Array(4))).toThrow(expect.objectContaining({ code: 'device_lost' }));
      expect(() => access.write(offset, new Uint8Array(4))).toThrow(expect.objectContaining({ code: 'device_lost' }));
    }
  });

  it('that runs as administrator is told with what to do', async () => {
    const api = new FakeWindows({ pid: 42, name: 'Dolphin.exe', section: 'denied' });
    expect(await finding(api)).toMatchObject([
      { kind: 'forbidden', pid: 42, fix: expect.stringContaining('administrator') },
    ]);
  });

  it('says when it was stopped between finding and opening', async () => {
    const { api } = start();
    const [sighting] = await finding(api);
    api.end(42);
    if (sighting?.kind !== 'arena') throw new Error('no arena');
    expect(() => sighting.open()).toThrow(expect.objectContaining({ code: 'device_lost' }));
  });
});

describe('Dolphin whose memory has no name', () => {
  const gamecube = (...extra: readonly FakeRegion[]): readonly FakeRegion[] => [
    // MEM1 once more, in the view of physical addresses, and lower: it comes first.
    region(-0x1_0000_0000n, MEM1, lowMemoryBytes(GC)),
    region(0x8000_0000n, MEM1, lowMemoryBytes(GC)),
    ...extra,
  ];
  const run = (regions: readonly FakeRegion[]) => new FakeWindows({ pid: 42, name: 'Dolphin.exe', regions });

  it('is found by its low memory; its fake VMEM by its place', async () => {
    const vmem = region(0x7e00_0000n, MEM1, Buffer.from('vmem'));
    const api = run([region(0x1000_0000n, MEM1, Buffer.from('no game')), ...gamecube(vmem)]);
    const access = await opened(api);
    expect(access.way).toBe('process');
    expect((await inspectGame(access))?.layout).toMatchObject({ system: 'GC', fakeVmem: { at: THIRD_AT } });
    const four = new Uint8Array(4);
    await access.read(THIRD_AT, four);
    expect(Buffer.from(four).toString()).toBe('vmem');
    await access.write(THIRD_AT, Buffer.from('new!'));
    expect(Buffer.from(vmem.bytes.subarray(0, 4)).toString()).toBe('new!');
    expect(api.open.size).toBe(1);
    await access.close();
    await access.close();
    expect(api.open.size).toBe(0);
  });

  it('has no fake VMEM where MEM1 is only mapped again', async () => {
    const again = region(0x8200_0000n, MEM1, lowMemoryBytes(GC));
    const access = await opened(run(gamecube(again)));
    expect(access.size).toBe(THIRD_AT);
    expect((await inspectGame(access))?.layout.fakeVmem).toBeUndefined();
  });

  it('is a Wii only with its MEM2, the nearest of that size', async () => {
    const near = region(0x9000_0000n, MEM2, Buffer.from('near'));
    const far = region(-0x8000_0000n, MEM2, Buffer.from('far!'));
    const mem1 = region(0x8000_0000n, MEM1, lowMemoryBytes(WII));
    const access = await opened(run([far, mem1, near]));
    expect((await inspectGame(access))?.layout).toMatchObject({ system: 'Wii', mem2: { at: THIRD_AT } });
    const four = new Uint8Array(4);
    await access.read(THIRD_AT, four);
    expect(Buffer.from(four).toString()).toBe('near');
    expect(await finding(run([mem1]))).toMatchObject([{ kind: 'idle' }]);
  });

  it('is alive with a title from the NAND, too, and gone when something else lies there', async () => {
    const mem1 = region(0x8000_0000n, MEM1, lowMemoryBytes({ system: 'Wii', nand: true }));
    const access = await opened(run([mem1, region(0x9000_0000n, MEM2)]));
    expect((await inspectGame(access))?.layout.system).toBe('Wii');
    expect(access.alive()).toBe(true);
    mem1.bytes.fill(0);
    expect(access.alive()).toBe(false);
    await access.close();
    expect(access.alive()).toBe(false);
  });

  it('refuses what lies between its pieces, and what the process no longer has', async () => {
    const api = run(gamecube());
    const access = await opened(api);
    expect(() => access.read(MEM1 + 4, new Uint8Array(4))).toThrow(
      expect.objectContaining({ code: 'address_unmapped' }),
    );
    expect(access.alive()).toBe(true);
    (api.processes()[0] as { regions?: unknown }).regions = [];
    expect(access.alive()).toBe(false);
    expect(() => access.read(0, new Uint8Array(4))).toThrow(expect.objectContaining({ code: 'device_lost' }));
    expect(() => access.write(0, new Uint8Array(4))).toThrow(expect.objectContaining({ code: 'device_lost' }));
  });

  it('is searched only in what is called like Dolphin, or as was said', async () => {
    const regions = gamecube();
    const api = new FakeWindows(
      { pid: 1, name: 'explorer.exe', regions },
      { pid: 2, name: 'DolphinMemoryEngine.exe', regions },
      { pid: 3, name: 'Slippi Dolphin.exe', regions },
    );
    expect((await finding(api)).map(({ pid }) => pid)).toEqual([3]);
    expect((await finding(api, 'Explorer')).map(({ pid }) => pid)).toEqual([1]);
    const { blind } = await (await createWindowsSource({ api, processName: 'Dolphin.exe' })).find({});
    expect(blind?.message).toContain('called Dolphin.exe');
    expect(api.open.size).toBe(0);
  });

  it('tells idle from forbidden', async () => {
    const api = new FakeWindows({ pid: 1, name: 'Dolphin.exe' }, { pid: 2, name: 'Dolphin.exe', regions: 'denied' });
    expect((await finding(api)).map(({ kind }) => kind)).toEqual(['idle', 'forbidden']);
    expect(api.open.size).toBe(0);
  });
});

it('copies where mapping is forbidden to us', async () => {
  const bytes = filled(0x0404_0000, lowMemoryBytes(GC));
  const regions = [region(0x8000_0000n, MEM1, lowMemoryBytes(GC))];
  const api = new FakeWindows({ pid: 42, name: 'Dolphin.exe', section: bytes, regions });
  api.mappable = false;
  expect((await opened(api)).way).toBe('process');
});

it('stops looking once aborted', async () => {
  const source = await createWindowsSource({ api: new FakeWindows() });
  await expect(source.find({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
});
