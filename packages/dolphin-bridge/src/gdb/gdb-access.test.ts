import { VirtualClock } from '@causeway/bridge/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArenaAccess } from '../access/arena-access.js';
import { inspectGame } from '../game-facts.js';
import { openGdbAccess } from './gdb-access.js';
import { GDB_PACKET_BYTES } from './gdb-memory.js';
import { FakeStub, fakeMemory } from './testing/fake-stub.js';

const ENDPOINT = { kind: 'socket', path: '/nowhere' } as const;
const MIB = 0x10_0000;
const BOOT_CODE = 0x8000_0020;
const MEM1_SIZE = 0x8000_0028;
const mem1 = (size = 24 * MIB) => fakeMemory(0x8000_0000, size, { [BOOT_CODE]: 0x0d15_ea5e, [MEM1_SIZE]: size });
const mem2 = (size = 64 * MIB) => fakeMemory(0x9000_0000, size);

const open = async (stub: FakeStub): Promise<ArenaAccess> => {
  const clock = new VirtualClock();
  const opened = openGdbAccess({ endpoint: ENDPOINT, stream: stub.stream, clock });
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
  clock.pass(1_000);
  const access = await opened;
  expect(clock.pending).toBe(0);
  return access;
};

const wii = (mem1Size?: number, mem2Size?: number): FakeStub => {
  const first = mem1(mem1Size);
  new DataView(first.bytes.buffer).setUint32(0x3118, mem2Size ?? 64 * MIB);
  return new FakeStub(first, mem2(mem2Size));
};

describe('memory through the debugger connection', () => {
  it.each([
    ['GameCube', new FakeStub(mem1()), 'GC', 0x0204_0000],
    ['GameCube with the memory override', new FakeStub(mem1(64 * MIB)), 'GC', 0x0404_0000],
    ['Wii', wii(), 'Wii', 0x0604_0000],
    ['Wii with the memory override', wii(64 * MIB, 128 * MIB), 'Wii', 0x0c04_0000],
  ] as const)('lies as in the arena of a %s', async (_, stub, system, size) => {
    const access = await open(stub);
    expect(access.size).toBe(size);
    const first = stub.memories[0]!.bytes;
    const layout = (await inspectGame(access))?.layout;
    expect(layout?.system).toBe(system);
    expect(layout?.mem1).toEqual({ at: 0, size: first.length });
    if (system === 'Wii') expect(layout?.mem2?.size).toBe(stub.memories[1]!.bytes.length);
  });

  it('asks for no address outside of MEM1 and MEM2: Dolphin hangs on some', async () => {
    const stub = new FakeStub(mem1());
    const access = await open(stub);
    const before = stub.asked.length;
    for (const offset of [0x0180_0000, 0x0200_0000, 0x0204_0000, 0x017f_fffe, -4]) {
      await expect((async () => access.read(offset, new Uint8Array(4)))()).rejects.toMatchObject({
        code: 'address_unmapped',
      });
    }
    expect(stub.asked.length).toBe(before);
  });

  it('writes and reads any stretch as it is', async () => {
    const stub = wii();
    const access = await open(stub);
    const places = fc.constantFrom(0x5000, 0x0204_0000 + 0x5000);
    await fc.assert(
      fc.asyncProperty(places, fc.nat(4096), fc.uint8Array({ maxLength: 12_000 }), async (base, offset, data) => {
        await access.write(base + offset, data);
        const target = new Uint8Array(data.length);
        await access.read(base + offset, target);
        expect(target).toEqual(data);
      }),
      { numRuns: 40 },
    );
    expect(stub.memories[1]!.bytes.some(Boolean)).toBe(true);
  });

  it('puts no more into a packet than Dolphin takes', async () => {
    const stub = new FakeStub(mem1());
    const access = await open(stub);
    stub.asked.length = 0;
    await access.read(0, new Uint8Array(GDB_PACKET_BYTES * 2 + 1));
    expect(stub.asked).toEqual(['m80000000,1324', 'm80001324,1324', 'm80002648,1']);
  });

  it.each([
    ['fewer bytes than asked for', '00'],
    ['what is no number', 'zzzzzzzz'],
    ['an error', 'E01'],
    ['nothing', ''],
  ])('refuses %s', async (_, answer) => {
    const stub = new FakeStub(mem1());
    const access = await open(stub);
    stub.override = () => answer;
    const target = new Uint8Array(4);
    await expect(access.read(0, target)).rejects.toMatchObject({ code: 'protocol_unexpected' });
    await expect(access.write(0, target)).rejects.toMatchObject({ code: 'protocol_unexpected' });
  });

  it('leaves the target alone once its caller has left', async () => {
    const stub = new FakeStub(mem1());
    const access = await open(stub);
    stub.memories[0]!.bytes.fill(7, 0, 4);
    stub.silent = true;
    const left = new AbortController();
    const target = new Uint8Array(4);
    const read = access.read(0, target, left.signal);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    left.abort(new Error('never mind'));
    await expect(read).rejects.toThrow('never mind');
    stub.silent = false;
    stub.answer();
    await access.read(8, new Uint8Array(1));
    expect(target).toEqual(new Uint8Array(4));
  });

  it('gives up on a game that does not begin to run', async () => {
    const stub = new FakeStub(mem1());
    stub.silent = true;
    const clock = new VirtualClock();
    const opened = openGdbAccess({ endpoint: ENDPOINT, stream: stub.stream, clock });
    const late = expect(opened).rejects.toMatchObject({ code: 'device_timeout' });
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
    clock.pass(15_000);
    await late;
    expect(stub.closed).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('is alive until the connection ends', async () => {
    const stub = new FakeStub(mem1());
    const access = await open(stub);
    expect(access.alive()).toBe(true);
    stub.close();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    expect(access.alive()).toBe(false);
    await expect(access.read(0, new Uint8Array(1))).rejects.toMatchObject({ code: 'device_lost' });
    await access.close();
    await access.close();
  });
});
