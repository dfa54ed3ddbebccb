import { createLinkedDevice, type Device, type Region, type Step } from '@causeway/bridge/device';
import { VirtualClock } from '@causeway/bridge/testing';
import { CausewayError } from '@causeway/protocol/errors';
import { describe, expect, it } from 'vitest';
import { domainsOf } from './arena/guest-address.js';
import { DolphinLink } from './dolphin-link.js';
import { inspectGame, romOf } from './game-facts.js';
import { FakeArena } from './testing/fake-arena.js';

const STATE = 0x8030_0000;
const at = (offset: number, domain = 'Bus') => ({ domain, offset });
const read = (offset: number, size: number, domain = 'Bus'): Step => ({ kind: 'read', at: at(offset, domain), size });
const write = (offset: number, ...data: readonly number[]): Step => ({
  kind: 'write',
  at: at(offset),
  data: Uint8Array.from(data),
});
const signal = new AbortController().signal;
const coded = (code: string) => expect.objectContaining({ code });

const open = async (arena = new FakeArena(77, { system: 'GC', revision: 1 })) => {
  const clock = new VirtualClock();
  const access = arena.open();
  const game = await inspectGame(access);
  if (!game) throw new Error('No game.');
  const rom = romOf(game, undefined);
  const link = new DolphinLink({
    ...{ arena, access, audioRam: arena.openAudioRam(), game, rom, clock },
    times: { watchMs: 500 },
  });
  const domains = [...domainsOf(game.layout), { name: 'ARAM', size: 0x100_0000 }];
  const info = { driver: 'dolphin', uri: 'x', system: 'GC', rom, domains, capabilities: new Set<never>(), peer: '' };
  const device: Device = createLinkedDevice({ info, link, clock });
  arena.reads.length = 0;
  return { arena, clock, link, device };
};

describe('reading', () => {
  it('gives each place its own bytes, whichever way it is named', async () => {
    const { arena, device } = await open();
    arena.memory.set([1, 2, 3, 4], 0x30_0000);
    arena.memory.set([9], 0x0204_0010);
    const { reads } = await device.run([
      read(STATE, 4),
      read(STATE + 1, 2),
      read(0xc030_0000, 1),
      read(0x30_0003, 1, 'MEM1'),
      read(0x7e00_0010, 1),
      read(0x10, 1, 'FakeVMEM'),
    ]);
    expect(reads.map((bytes) => [...bytes])).toEqual([[1, 2, 3, 4], [2, 3], [1], [4], [9], [9]]);
  });

  it('reads what lies close together at once, and what counts twice', async () => {
    const { arena, link } = await open();
    const regions: Region[] = Array.from({ length: 123 }, (_, n) => ({ ...at(STATE + n * 30), size: 4 }));
    await link.read(regions, signal);
    expect(arena.reads).toHaveLength(2);
    await link.read([{ ...at(STATE), size: 4 }], signal);
    expect(arena.reads).toHaveLength(3);
    await link.read([{ ...at(0x8000_0000), size: 0x10_0000 }], signal);
    expect(arena.reads).toHaveLength(4);
  });

  it('reads even one word twice, where a word may come in pieces', async () => {
    const arena = new FakeArena(77, { system: 'GC' });
    arena.wholeWords = false;
    const { link } = await open(arena);
    await link.read([{ ...at(STATE), size: 4 }], signal);
    expect(arena.reads).toHaveLength(2);
  });

  it('plans anew when other places are asked for', async () => {
    const { arena, link } = await open();
    arena.memory.set([1, 2, 3, 4, 5, 6, 7, 8], 0x30_0000);
    const places = (...offsets: readonly number[]): Region[] => offsets.map((n) => ({ ...at(STATE + n), size: 2 }));
    const bytes = async (...offsets: readonly number[]) =>
      (await link.read(places(...offsets), signal)).bytes.map((each) => [...each]);
    expect(await bytes(0, 4)).toEqual([
      [1, 2],
      [5, 6],
    ]);
    expect(await bytes(0, 4)).toEqual([
      [1, 2],
      [5, 6],
    ]);
    expect(await bytes(0, 6)).toEqual([
      [1, 2],
      [7, 8],
    ]);
    expect(await bytes(6)).toEqual([[7, 8]]);
    expect(await bytes(6, 0)).toEqual([
      [7, 8],
      [1, 2],
    ]);
  });

  it('never gives values of two moments, when the game writes them together', async () => {
    const { arena, link } = await open();
    let writes = 0;
    // The game writes both words while the first copy is under way: after its first half was taken.
    arena.onRead = () => {
      if (++writes <= 2) arena.memory.fill(writes, 0x30_0000, 0x30_0008);
    };
    const { bytes, oneFrame } = await link.read([{ ...at(STATE), size: 8 }], signal);
    expect([...(bytes[0] ?? [])]).toEqual(new Array(8).fill(2));
    expect([arena.reads.length, oneFrame]).toEqual([3, false]);
  });

  it('does not wait for a place that never rests', async () => {
    const { arena, link } = await open();
    arena.onRead = () => {
      arena.memory[0x30_0000]!++;
    };
    await link.read([{ ...at(STATE), size: 8 }], signal);
    expect(arena.reads).toHaveLength(4);
  });

  it('keeps audio RAM apart from everything else', async () => {
    const arena = new FakeArena(77, { system: 'GC' });
    arena.audioRam = new Uint8Array(0x100_0000).fill(7, 0x10, 0x12);
    const { device } = await open(arena);
    const { reads } = await device.run([read(0x10, 2, 'ARAM'), read(0x10, 2, 'FakeVMEM')]);
    expect(reads.map((bytes) => [...bytes])).toEqual([
      [7, 7],
      [0, 0],
    ]);
  });

  it('refuses what is no memory, and goes on', async () => {
    const { device } = await open();
    await expect(device.run([read(STATE, 4), read(0xcc00_0000, 4)])).rejects.toEqual(coded('address_unmapped'));
    await expect(device.run([read(0, 1, 'ARAM')])).rejects.toEqual(coded('domain_unknown'));
    expect(device.status).toBe('running');
    expect((await device.run([read(STATE, 1)])).ok).toBe(true);
  });
});

describe('writing', () => {
  it('keeps the order of the batch, payload before trigger', async () => {
    const { arena, device } = await open();
    await device.run([write(STATE + 8, 1, 2), write(STATE + 4, 3), write(STATE, 4)]);
    expect(arena.writes).toEqual([
      { offset: 0x30_0008, data: Uint8Array.of(1, 2) },
      { offset: 0x30_0004, data: Uint8Array.of(3) },
      { offset: 0x30_0000, data: Uint8Array.of(4) },
    ]);
  });

  it('writes nothing where one of the places is no memory', async () => {
    const { arena, device } = await open();
    await expect(device.run([write(STATE, 1), write(0xcc00_0000, 1)])).rejects.toEqual(coded('address_unmapped'));
    expect(arena.writes).toEqual([]);
  });

  it('writes nothing into another game', async () => {
    const { arena, device } = await open();
    arena.memory.set(Buffer.from('GALE01'), 0);
    await expect(device.run([write(STATE, 1)])).rejects.toMatchObject({ cause: coded('device_lost') });
    expect(arena.writes).toEqual([]);
    expect((await device.closed).reason).toBe('rom_changed');
  });

  it('writes nothing into a game that was stopped', async () => {
    const { arena, device } = await open();
    arena.ended = 'stopped';
    await expect(device.run([write(STATE, 1)])).rejects.toMatchObject({ cause: coded('device_lost') });
    expect(arena.writes).toEqual([]);
  });

  it('is for one bridge at a time, from its first write to its end', async () => {
    const { arena, device } = await open();
    await device.run([read(STATE, 1)]);
    expect(arena.claims).toBe(0);
    await device.run([write(STATE, 1)]);
    await device.run([write(STATE, 1)]);
    expect(arena.claims).toBe(1);
    await device.close();
    expect(arena.claims).toBe(0);
  });

  it('says that another bridge writes', async () => {
    const { arena, device } = await open();
    arena.claimed = new CausewayError('device_busy', 'Another one.');
    await expect(device.run([write(STATE, 1)])).rejects.toMatchObject({ cause: coded('device_busy') });
    expect(arena.writes).toEqual([]);
    expect(await device.closed).toMatchObject({ reason: 'lost', error: coded('device_busy') });
  });
});

describe('a game that ends', () => {
  it.each([
    ['stopped', 'GZLE99 was stopped; Dolphin (pid 77) is still open.'],
    ['restarted', 'GZLE99 was stopped; Dolphin (pid 77) started a game anew.'],
    ['closed', 'Dolphin (pid 77) was closed.'],
  ] as const)('is noticed by the next poll: %s', async (ending, message) => {
    const { arena, device, clock } = await open();
    arena.ended = ending;
    await expect(device.run([read(STATE, 1)])).rejects.toMatchObject({ cause: { code: 'device_lost', message } });
    expect(await device.closed).toMatchObject({ reason: 'lost', error: { message } });
    expect([device.status, arena.opened, clock.pending]).toEqual(['closed', 0, 0]);
  });

  it('is noticed and let go while nobody asks', async () => {
    const { arena, device, clock } = await open();
    clock.pass(1200);
    await new Promise(setImmediate);
    expect(device.status).toBe('running');
    arena.ended = 'stopped';
    clock.pass(500);
    expect((await device.closed).reason).toBe('lost');
    expect([arena.opened, clock.pending]).toEqual([0, 0]);
  });

  it('is noticed by the next poll when another one takes over its memory', async () => {
    const { arena, device } = await open();
    expect((await device.run([read(STATE, 1)])).ok).toBe(true);
    arena.memory.set(Buffer.from('GALE01'), 0);
    await expect(device.run([read(STATE, 1)])).rejects.toMatchObject({ cause: coded('device_lost') });
    expect((await device.closed).reason).toBe('rom_changed');
  });

  it('gives none of its values to whoever asked about the one before', async () => {
    const { arena, device } = await open();
    arena.onRead = (offset) => {
      if (offset === 0x30_0000) arena.memory.set(Buffer.from('GALE01'), 0);
    };
    await expect(device.run([read(STATE, 1)])).rejects.toMatchObject({ cause: coded('device_lost') });
    expect((await device.closed).reason).toBe('rom_changed');
  });

  it('is not what a loaded save state is', async () => {
    const { arena, device, clock } = await open();
    arena.memory.fill(0x55, 0x30_0000, 0x40_0000);
    clock.pass(1000);
    expect((await device.run([read(STATE, 1)])).ok).toBe(true);
    expect(await device.rom()).toMatchObject({ hash: 'GZLE99 revision 1' });
  });
});

it('leaves nothing behind when it is closed, twice', async () => {
  const { arena, device, link, clock } = await open();
  await device.close();
  await link.close();
  expect([arena.opened, clock.pending]).toEqual([0, 0]);
  await expect(link.read([{ ...at(STATE), size: 1 }], signal)).rejects.toEqual(coded('device_closed'));
});
