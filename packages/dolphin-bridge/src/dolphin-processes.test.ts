import { setTimeout as sleep } from 'node:timers/promises';
import type { Device, Step } from '@causeway/bridge/device';
import { describe, expect, it } from 'vitest';
import { loadForeignMemory } from './access/foreign-memory.js';
import { createDolphinDriver } from './dolphin-driver.js';
import { createLinuxSource } from './linux/linux-source.js';
import { systemProc } from './linux/proc-tree.js';
import { claimWriting } from './linux/writer-claim.js';
import { readPointers } from './pointer-chain.js';
import { snapshotMemory } from './snapshot-memory.js';
import { lowMemoryBytes } from './testing/low-memory-bytes.js';
import { ARENA_SIZES, StandIn } from './testing/stand-in.js';

const STATE = 0x8030_0000;
const read = (offset: number, size: number, domain = 'Bus'): Step => ({ kind: 'read', at: { domain, offset }, size });
const write = (offset: number, data: Uint8Array, domain = 'Bus'): Step => ({
  kind: 'write',
  at: { domain, offset },
  data,
});
const uri = ({ pid }: StandIn): string => `dolphin://pid/${pid}`;
const coded = (code: string) => expect.objectContaining({ code });
const hasKoffi = (await loadForeignMemory()) !== undefined;

const bytesOf = async (device: Device, ...steps: readonly Step[]): Promise<number[][]> =>
  (await device.run(steps)).reads.map((bytes) => [...bytes]);

/** Other processes and other users' Dolphins come and go on this machine: only these count. */
const listed = async (...standIns: readonly StandIn[]) => {
  const all = await createDolphinDriver().detect();
  return all.filter(({ uri: found }) => standIns.some((standIn) => uri(standIn) === found));
};

describe.skipIf(process.platform !== 'linux')('processes that hold memory as Dolphin does', () => {
  it.each(['descriptor', ...(hasKoffi ? (['view', 'auto'] as const) : [])] as const)(
    'are read and written: %s',
    async (way) => {
      await using standIn = await StandIn.playing({ system: 'Wii', id: 'SOUE01', revision: 3 });
      await using device = await createDolphinDriver({ way }).open(uri(standIn));
      expect(device.info).toMatchObject({ system: 'Wii', rom: { title: 'SOUE01', hash: 'SOUE01 revision 3' } });
      await standIn.write(0x30_0000, Uint8Array.of(1, 2, 3, 4));
      // Often enough for `auto` to go over to the mapped view on the way.
      for (let times = 0; times < 30; times++) {
        expect(await bytesOf(device, read(STATE, 4))).toEqual([[1, 2, 3, 4]]);
        await sleep(1);
      }
      await device.run([write(STATE + 4, Uint8Array.of(9)), write(0x9010_0000, Uint8Array.of(5, 6, 7))]);
      expect([...(await standIn.read(0x30_0004, 1))]).toEqual([9]);
      expect([...(await standIn.read(0x0204_0000 + 0x10_0000, 3))]).toEqual([5, 6, 7]);
    },
  );

  it('are told apart by their user folders, whatever is written in them', async () => {
    await using standIn = await StandIn.withArguments('-u', '/home/añá/Wii ☃');
    await standIn.start(ARENA_SIZES.GC, lowMemoryBytes({ system: 'GC' }));
    expect(await listed(standIn)).toMatchObject([{ peer: expect.stringContaining(', /home/añá/Wii ☃)') }]);
  });

  it('are laid out by their sizes', async () => {
    await using gamecube = await StandIn.playing({ system: 'GC' });
    await using mmu = await StandIn.playing({ system: 'GC', id: 'GALE01' }, ARENA_SIZES['GC with MMU']);
    await using more = await StandIn.playing({ system: 'GC', id: 'GM8E01', mem1: 0x400_0000 }, 0x0604_0000);
    await using wii = await StandIn.playing({ system: 'Wii', mem1: 0x400_0000, mem2: 0x800_0000 }, 0x0c04_0000);
    const driver = createDolphinDriver({ way: 'descriptor' });
    const domains = async (standIn: StandIn) => {
      await using device = await driver.open(uri(standIn));
      return device.info.domains.map(({ name, size }) => `${name} ${size.toString(16)}`).slice(0, -1);
    };
    expect(await domains(gamecube)).toEqual(['MEM1 1800000', 'FakeVMEM 2000000']);
    expect(await domains(mmu)).toEqual(['MEM1 1800000']);
    expect(await domains(more)).toEqual(['MEM1 4000000', 'FakeVMEM 2000000']);
    expect(await domains(wii)).toEqual(['MEM1 4000000', 'MEM2 8000000']);
  });

  it('are told from those who read them, ourselves included', async () => {
    await using game = await StandIn.playing({ system: 'GC' });
    await using device = await createDolphinDriver().open(uri(game));
    await using reader = await StandIn.open('node');
    await reader.start(ARENA_SIZES.GC, lowMemoryBytes({ system: 'GC' }), `dolphin-emu.${game.pid}`);
    expect(await listed(game, reader)).toMatchObject([{ uri: uri(game), state: 'ready' }]);
    await expect(createDolphinDriver().open(uri(reader))).rejects.toEqual(coded('device_not_found'));
    expect(device.status).toBe('running');
  });

  it('are listed with what they do: nothing yet, starting, running', async () => {
    await using idle = await StandIn.open();
    await using starting = await StandIn.open();
    await starting.start(ARENA_SIZES.GC);
    await using running = await StandIn.playing({ system: 'GC' });
    await running.hold('/dev/null');
    const states = (await listed(idle, starting, running)).map(({ uri: found, state, detail }) => [
      found,
      state,
      detail,
    ]);
    expect(states.sort()).toEqual(
      [
        [uri(idle), 'silent', 'open, but no game is running'],
        [uri(starting), 'silent', 'the game is starting'],
        [uri(running), 'ready', undefined],
      ].sort(),
    );
  });

  it('are lost when the game stops, and found again when one starts in the same process', async () => {
    await using standIn = await StandIn.playing({ system: 'GC' });
    const driver = createDolphinDriver();
    const device = await driver.open(uri(standIn));
    await standIn.stop();
    // Held memory goes on answering: the device must not.
    await expect(device.run([read(STATE, 4)])).rejects.toMatchObject({ cause: coded('device_lost') });
    expect((await device.closed).error?.message).toContain('is still open');
    await expect(driver.open(uri(standIn))).rejects.toMatchObject({
      code: 'device_not_found',
      message: `Dolphin (pid ${standIn.pid}) is open, but no game is running.`,
    });
    await standIn.start(ARENA_SIZES.Wii, lowMemoryBytes({ system: 'Wii', id: 'SOUE01' }));
    await using again = await driver.open(uri(standIn));
    expect(again.info.rom.title).toBe('SOUE01');
  });

  it('are lost when another game takes their place between two polls', async () => {
    await using standIn = await StandIn.playing({ system: 'GC' });
    await using device = await createDolphinDriver().open(uri(standIn));
    await standIn.stop();
    await standIn.start(ARENA_SIZES.GC, lowMemoryBytes({ system: 'GC' }));
    await expect(device.run([write(STATE, Uint8Array.of(1))])).rejects.toMatchObject({ cause: coded('device_lost') });
    expect((await device.closed).error?.message).toContain('started a game anew');
    expect([...(await standIn.read(0x30_0000, 1))]).toEqual([0]);
  });

  it('are lost, within a second and without being asked, when they crash', async () => {
    const standIn = await StandIn.playing({ system: 'GC' });
    await using device = await createDolphinDriver().open(uri(standIn));
    await standIn[Symbol.asyncDispose]();
    const end = await device.closed;
    expect([end.reason, end.error?.message]).toEqual(['lost', `Dolphin (pid ${standIn.pid}) was closed.`]);
  });

  it('are closed, not stopped, where nothing but their name is left', async () => {
    await using standIn = await StandIn.playing({ system: 'GC' });
    const status = `/proc/${standIn.pid}/status`;
    const zombie = 'State:\tZ (zombie)';
    const proc = { ...systemProc, text: (path: string) => (path === status ? zombie : systemProc.text(path)) };
    await using device = await createDolphinDriver({ source: createLinuxSource({ proc }) }).open(uri(standIn));
    await standIn.stop();
    expect((await device.closed).error?.message).toBe(`Dolphin (pid ${standIn.pid}) was closed.`);
  });

  it('show their disc by its file, which this program never opens', async () => {
    await using standIn = await StandIn.playing({ system: 'GC' });
    const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
    const folder = await mkdtemp('/tmp/causeway-disc-');
    try {
      await writeFile(`${folder}/Wind.iso`, '');
      await standIn.hold(`${folder}/Wind.iso`);
      expect(await listed(standIn)).toMatchObject([{ rom: { title: 'Wind [GZLE99]' } }]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('are written by one bridge at a time', async () => {
    await using standIn = await StandIn.playing({ system: 'GC' });
    const driver = createDolphinDriver();
    const first = await driver.open(uri(standIn));
    await using second = await driver.open(uri(standIn));
    const byte = write(STATE, Uint8Array.of(1));
    await first.run([byte]);
    expect((await second.run([read(STATE, 1)])).ok).toBe(true);
    await expect(second.run([byte])).rejects.toMatchObject({ cause: coded('device_busy') });
    await first.close();
    await using third = await driver.open(uri(standIn));
    expect((await third.run([byte])).ok).toBe(true);
  });

  it('are copied whole, and their pointers followed', async () => {
    await using standIn = await StandIn.playing({ system: 'GC' });
    await standIn.write(0x30_0000, Uint8Array.of(0x80, 0x40, 0, 0));
    await using device = await createDolphinDriver().open(uri(standIn));
    const [mem1, ...others] = await snapshotMemory(device);
    expect([mem1?.domain, mem1?.bytes.length, others.length]).toEqual(['MEM1', 0x0180_0000, 0]);
    expect([...(mem1?.bytes.subarray(0x30_0000, 0x30_0002) ?? [])]).toEqual([0x80, 0x40]);
    const all = await snapshotMemory(device, []);
    expect(all.map(({ domain }) => domain)).toEqual(['MEM1', 'FakeVMEM']);
    await expect(snapshotMemory(device, ['MEM2'])).rejects.toEqual(coded('domain_unknown'));
    expect(await readPointers(device, STATE, [8])).toEqual({ ok: true, address: 0x8040_0008 });
    expect(await readPointers(device, STATE, [8, 4])).toMatchObject({ ok: false, step: 2, reason: 'null' });
    expect(await readPointers(device, 0xcc00_0000, [0])).toMatchObject({ ok: false, step: 1, reason: 'invalid' });
  });
});

describe.skipIf(process.platform !== 'linux')('claimWriting', () => {
  it('is given up and taken again', async () => {
    const key = `test ${process.pid} ${Date.now()}`;
    const release = await claimWriting(key);
    await expect(claimWriting(key)).rejects.toEqual(coded('device_busy'));
    release();
    release();
    (await claimWriting(key))();
  });
});
