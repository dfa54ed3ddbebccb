import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@causeway/bridge/testing';
import { CausewayError } from '@causeway/protocol/errors';
import { describe, expect, it } from 'vitest';
import type { DolphinSource } from './access/dolphin-source.js';
import { createDolphinDriver } from './dolphin-driver.js';
import { FakeArena, sourceOf } from './testing/fake-arena.js';
import { lowMemoryBytes } from './testing/low-memory-bytes.js';

const driverOf = (source: DolphinSource, clock = new VirtualClock()) => createDolphinDriver({ source, clock });
const wind = () => new FakeArena(77, { system: 'GC', id: 'GZLE99', revision: 1 });
const sky = () => new FakeArena(78, { system: 'Wii', id: 'SOUE01' });
const idle = { kind: 'idle', pid: 5, process: 'dolphin-emu' } as const;
const forbidden = { kind: 'forbidden', pid: 6, process: 'dolphin-emu', message: 'Not yours.', fix: 'Share.' } as const;
const coded = (code: string, rest: Readonly<Record<string, unknown>> = {}) =>
  expect.objectContaining({ code, ...rest });

/** Lets time pass until the promise settles. */
const inTime = async <T>(promise: Promise<T>, clock: VirtualClock): Promise<T> => {
  let over = false;
  promise.then(
    () => {
      over = true;
    },
    () => {
      over = true;
    },
  );
  for (let turn = 0; turn < 200 && !over; turn++) {
    await new Promise(setImmediate);
    clock.pass(50);
  }
  return promise;
};

describe('detect', () => {
  it('lists whatever there is, and keeps nothing open', async () => {
    const starting = new FakeArena(79, undefined);
    const arenas = [wind(), sky(), starting];
    expect(await driverOf(sourceOf(...arenas, idle, forbidden)).detect()).toEqual([
      {
        ...{ uri: 'dolphin://pid/77', driver: 'dolphin', state: 'ready', system: 'GC' },
        rom: { system: 'GC', hash: 'GZLE99 revision 1', title: 'GZLE99' },
        peer: 'Dolphin (dolphin-emu, pid 77)',
      },
      {
        ...{ uri: 'dolphin://pid/78', driver: 'dolphin', state: 'ready', system: 'Wii' },
        rom: { system: 'Wii', hash: 'SOUE01 revision 0', title: 'SOUE01' },
        peer: 'Dolphin (dolphin-emu, pid 78)',
      },
      {
        ...{ uri: 'dolphin://pid/79', driver: 'dolphin', state: 'silent', detail: 'the game is starting' },
        peer: 'Dolphin (dolphin-emu, pid 79)',
      },
      {
        ...{ uri: 'dolphin://pid/5', driver: 'dolphin', state: 'silent', detail: 'open, but no game is running' },
        peer: 'Dolphin (dolphin-emu, pid 5)',
      },
      { uri: 'dolphin://pid/6', driver: 'dolphin', state: 'incompatible', detail: 'Not yours. Share.' },
    ]);
    expect(arenas.map(({ opened }) => opened)).toEqual([0, 0, 0]);
  });

  it('leaves out what stopped while it was looked at, and says what cannot be opened', async () => {
    const failing = (code: 'device_lost' | 'device_forbidden', pid: number) =>
      Object.assign(new FakeArena(pid, undefined), {
        open: () => {
          throw new CausewayError(code, 'No.', { fix: 'Do.' });
        },
      });
    const listed = await driverOf(sourceOf(failing('device_lost', 1), failing('device_forbidden', 2))).detect();
    expect(listed).toMatchObject([{ uri: 'dolphin://pid/2', state: 'incompatible', detail: 'No. Do.' }]);
  });
});

describe('open', () => {
  it('takes the only game, and says everything about it', async () => {
    const arena = wind();
    const device = await driverOf(sourceOf(arena, idle, forbidden)).open(undefined);
    expect(device.info).toEqual({
      driver: 'dolphin',
      uri: 'dolphin://pid/77',
      system: 'GC',
      rom: { system: 'GC', hash: 'GZLE99 revision 1', title: 'GZLE99' },
      domains: [
        { name: 'MEM1', size: 0x0180_0000, writable: true },
        { name: 'FakeVMEM', size: 0x0200_0000, writable: true },
        { name: 'Bus', size: 2 ** 32, writable: true },
      ],
      capabilities: new Set(),
      peer: 'Dolphin (dolphin-emu, pid 77) by fake',
    });
    await device.close();
    expect(arena.opened).toBe(0);
  });

  it('has audio RAM where it can be reached', async () => {
    const arena = wind();
    arena.audioRam = new Uint8Array(0x100_0000);
    const device = await driverOf(sourceOf(arena)).open(undefined);
    expect(device.info.domains.map(({ name }) => name)).toEqual(['MEM1', 'FakeVMEM', 'ARAM', 'Bus']);
    await device.close();
    expect(arena.opened).toBe(0);
  });

  it('does without audio RAM where it is closed to us', async () => {
    const arena = Object.assign(wind(), {
      openAudioRam: () => {
        throw new CausewayError('device_forbidden', 'No.');
      },
    });
    const device = await driverOf(sourceOf(arena)).open(undefined);
    expect(device.info.domains.map(({ name }) => name)).toEqual(['MEM1', 'FakeVMEM', 'Bus']);
    await device.close();
  });

  it('comes back to a game that another bridge writes to only when that one has let go', async () => {
    const arena = wind();
    const driver = driverOf(sourceOf(arena));
    const byte = { kind: 'write', at: { domain: 'MEM1', offset: 0x100 }, data: Uint8Array.of(1) } as const;
    arena.claimed = new CausewayError('device_busy', 'Another one.');
    const looking = await driver.open(undefined);
    await expect(looking.run([byte])).rejects.toMatchObject({ cause: coded('device_busy') });
    await expect(driver.open(undefined)).rejects.toEqual(coded('device_busy'));
    expect(arena.opened).toBe(0);
    arena.claimed = undefined;
    await using device = await driver.open(undefined);
    expect(arena.claims).toBe(0);
    expect((await device.run([byte])).ok).toBe(true);
  });

  it('never guesses between two', async () => {
    const arenas = [wind(), sky()];
    const driver = driverOf(sourceOf(...arenas));
    await expect(driver.open(undefined)).rejects.toEqual(
      coded('device_ambiguous', {
        message: '2 games run in Dolphin: dolphin://pid/77 (GZLE99), dolphin://pid/78 (SOUE01).',
        fix: 'Choose one with --device: dolphin://pid/77 or dolphin://pid/78.',
        context: { choices: [expect.objectContaining({ uri: 'dolphin://pid/77' }), expect.anything()] },
      }),
    );
    expect(arenas.map(({ opened }) => opened)).toEqual([0, 0]);
    const twins = driverOf(sourceOf(wind(), new FakeArena(80, { system: 'GC', id: 'GZLE99' })));
    await expect(twins.open('dolphin://game/GZLE99')).rejects.toEqual(coded('device_ambiguous'));
  });

  it.each([
    ['dolphin://pid/78', 78],
    ['dolphin://game/SOUE01', 78],
    ['dolphin://game/gzle99', 77],
  ])('takes the one that is named: %s', async (target, pid) => {
    const device = await driverOf(sourceOf(wind(), sky())).open(target);
    expect(device.info.uri).toBe(`dolphin://pid/${pid}`);
    await device.close();
  });

  it.each([
    ['nothing', [], undefined, 'device_not_found', 'Dolphin is not running.'],
    ['no game', [idle], undefined, 'device_not_found', 'Dolphin (pid 5) is open, but no game is running.'],
    ['no access', [idle, forbidden], undefined, 'device_forbidden', 'Not yours.'],
    [
      'another game',
      [wind()],
      'dolphin://game/SOUE01',
      'device_not_found',
      'No Dolphin runs SOUE01; running: dolphin://pid/77 (GZLE99).',
    ],
    ['another process', [wind()], 'dolphin://pid/4', 'device_not_found', 'There is no game in process 4.'],
  ])('says what is wrong: %s', async (_, found, target, code, message) => {
    await expect(driverOf(sourceOf(...found)).open(target)).rejects.toEqual(coded(code, { message }));
  });

  it('says that it sits in a sandbox', async () => {
    const blind = { message: 'In a box.', fix: 'Leave it.' };
    const driver = driverOf({ find: async () => ({ found: [], blind }) });
    await expect(driver.open(undefined)).rejects.toEqual(coded('device_not_found', blind));
  });

  it('refuses names of other kinds', async () => {
    await expect(driverOf(sourceOf()).open('bizhawk://127.0.0.1')).rejects.toEqual(coded('usage'));
  });

  it('waits for a game that is starting, until it says who it is', async () => {
    const arena = new FakeArena(77, undefined, 'GC');
    const clock = new VirtualClock();
    const opening = driverOf(sourceOf(arena), clock).open(undefined);
    clock.after(130, () => arena.memory.set(lowMemoryBytes({ system: 'GC', id: '' })));
    clock.after(400, () => arena.memory.set(Buffer.from('GZLE99')));
    const device = await inTime(opening, clock);
    expect(device.info.rom.hash).toBe('GZLE99 revision 0');
    await device.close();
    expect(arena.opened).toBe(0);
  });

  it('takes a program that never says who it is, after a while', async () => {
    const clock = new VirtualClock();
    const arena = new FakeArena(77, { system: 'GC', id: '' });
    const device = await inTime(driverOf(sourceOf(arena), clock).open(undefined), clock);
    expect(device.info.rom).toEqual({ system: 'GC' });
    await device.close();
  });

  it('waits for all that says who it is', async () => {
    const whole = lowMemoryBytes({ system: 'Wii', id: 'SOUE01', revision: 2 });
    const arena = new FakeArena(77, { system: 'Wii', id: '' });
    arena.memory.fill(0, 0x18, 0x20).set(whole.subarray(0, 6));
    const clock = new VirtualClock();
    const opening = driverOf(sourceOf(arena), clock).open(undefined);
    clock.after(150, () => arena.memory.set(whole));
    const device = await inTime(opening, clock);
    expect(device.info.rom.hash).toBe('SOUE01 revision 2');
    await device.close();
  });

  it('does not take a disc for a title from the NAND, as which it begins', async () => {
    const arena = new FakeArena(77, { system: 'Wii', nand: true });
    const clock = new VirtualClock();
    const opening = driverOf(sourceOf(arena), clock).open(undefined);
    clock.after(150, () => arena.memory.set(lowMemoryBytes({ system: 'Wii', id: 'SOUE01' })));
    const device = await inTime(opening, clock);
    expect(device.info.rom.hash).toBe('SOUE01 revision 0');
    await device.close();
  });

  it('waits no longer for it because its caller has more patience', async () => {
    const clock = new VirtualClock();
    const begun = clock.now();
    const arena = new FakeArena(77, { system: 'GC', id: '' });
    const device = await inTime(driverOf(sourceOf(arena), clock).open(undefined, { timeoutMs: 60_000 }), clock);
    expect(clock.now() - begun).toBeLessThan(3_000);
    await device.close();
  });

  it.each([
    ['a new shape', 0x0304_0000],
    ['hardly anything', 16],
  ])('does not wait for what it does not know: memory of %s', async (_, size) => {
    const arena = new FakeArena(77, { system: 'GC' }, 'GC', size);
    const driver = driverOf(sourceOf(arena));
    const message = `Dolphin holds memory of a shape that is not known here: ${size} bytes.`;
    await expect(driver.open(undefined)).rejects.toEqual(coded('device_incompatible', { message }));
    expect(await driver.detect()).toMatchObject([{ state: 'incompatible', detail: expect.stringContaining(message) }]);
    expect(arena.opened).toBe(0);
  });

  it('takes a title from the NAND after a while', async () => {
    const clock = new VirtualClock();
    const source = sourceOf(new FakeArena(77, { system: 'Wii', nand: true }));
    const device = await inTime(driverOf(source, clock).open(undefined), clock);
    expect(device.info.domains.map(({ name }) => name)).toEqual(['MEM1', 'MEM2', 'Bus']);
    await device.close();
  });

  it('does not take the one game while a second one is starting', async () => {
    const clock = new VirtualClock();
    const second = new FakeArena(78, undefined, 'Wii');
    const opening = driverOf(sourceOf(wind(), second), clock).open(undefined);
    clock.after(200, () => second.memory.set(lowMemoryBytes({ system: 'Wii', id: 'SOUE01' })));
    await expect(inTime(opening, clock)).rejects.toEqual(coded('device_ambiguous'));
    expect(second.opened).toBe(0);
  });

  it('says that a game is still starting when it takes too long, or longer than the caller waits', async () => {
    const arena = new FakeArena(77, undefined);
    for (const timeoutMs of [undefined, 0]) {
      const clock = new VirtualClock();
      const opening = driverOf(sourceOf(arena), clock).open(undefined, timeoutMs === undefined ? {} : { timeoutMs });
      await expect(inTime(opening, clock)).rejects.toEqual(coded('device_timeout'));
    }
    expect(arena.opened).toBe(0);
  });

  it.skipIf(process.platform === 'win32')('waits for a debugger connection as long as its caller does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-gdb-'));
    const path = join(folder, 'gdb');
    const closed: Promise<unknown>[] = [];
    const silent = createServer((socket) => closed.push(once(socket.resume(), 'close'))).listen(path);
    try {
      await once(silent, 'listening');
      const clock = new VirtualClock();
      const opening = createDolphinDriver({ clock }).open(`dolphin://socket${path}`, { timeoutMs: 500 });
      // The connection's own patience would end with another message.
      const message = 'The game in Dolphin is still starting.';
      const given = expect(opening).rejects.toEqual(coded('device_timeout', { message }));
      await expect.poll(() => closed.length).toBe(1);
      clock.pass(500);
      await given;
      expect(clock.pending).toBe(0);
      await Promise.all(closed);
    } finally {
      silent.close();
      await rm(folder, { recursive: true });
    }
  });

  it('stops waiting when nobody wants it any more', async () => {
    const arena = new FakeArena(77, undefined);
    const controller = new AbortController();
    const opening = driverOf(sourceOf(arena)).open(undefined, { signal: controller.signal });
    const reason = new Error('enough');
    await new Promise(setImmediate);
    controller.abort(reason);
    await expect(opening).rejects.toBe(reason);
    expect(arena.opened).toBe(0);
  });
});
