import { createBizHawkDriver } from '@causeway/bizhawk-bridge';
import { silentLogger } from '@causeway/bridge';
import type { Device, DeviceStatus, Step } from '@causeway/bridge/device';
import { supports } from '@causeway/bridge/device';
import { type Emulator, type EmulatorOptions, MemoryMachine, startEmulator } from '@causeway/testbed/emulator';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../support/free-port.js';

/** A machine with memory and nothing that changes it, so that every byte read can be foretold. */
const machineOf = (hash: string, seed = 1) =>
  new MemoryMachine({
    system: 'NES',
    rom: { name: 'test', hash },
    domains: [
      { name: 'RAM', size: 2048, writable: true, fill: { kind: 'mix', seed } },
      { name: 'WRAM', size: 8192, writable: true },
      { name: 'PRG ROM', size: 262_144, writable: false, fill: { kind: 'ramp' } },
      { name: 'System Bus', size: 65_536 },
    ],
    currentDomain: 'System Bus',
  });

const open: (Emulator | Device)[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing[Symbol.asyncDispose]();
});
const emulate = async (options: Partial<EmulatorOptions> = {}): Promise<Emulator> => {
  const emulator = await startEmulator({ rom: machineOf('AAAA'), port: 0, ...options });
  open.push(emulator);
  return emulator;
};
const driver = (...ports: number[]) => createBizHawkDriver({ ports, times: { detectMs: 3000 } });
const opened = async (emulator: Emulator, onStatus?: (status: DeviceStatus) => void): Promise<Device> => {
  const device = await driver(await emulator.ready).open(undefined, onStatus ? { onStatus } : {});
  open.push(device);
  return device;
};
const read = (offset: number, size = 1, domain = 'RAM'): Step => ({ kind: 'read', at: { domain, offset }, size });
const coded = (code: string) => expect.objectContaining({ code });

describe('our device with our connector in an emulator', () => {
  it('carries out batches, each in one frame', async () => {
    const emulator = await emulate();
    const device = await opened(emulator);
    expect(device.info.peer).toMatch(/^Causeway connector \d+\.\d+\.\d+ in /);
    expect(device.info.domains).toContainEqual(expect.objectContaining({ name: 'RAM', size: 2048 }));
    const frames = [];
    for (let i = 0; i < 5; i++) {
      const result = await device.run([
        read(0, 4),
        { kind: 'guard', at: { domain: 'RAM', offset: 0 }, expect: Uint8Array.of(1, 74, 147, 220) },
        { kind: 'write', at: { domain: 'WRAM', offset: 5 }, data: Uint8Array.of(i) },
        read(5, 1, 'WRAM'),
      ]);
      expect(result).toMatchObject({ ok: true, atomic: true });
      expect(result.reads).toEqual([Uint8Array.of(1, 74, 147, 220), Uint8Array.of(i)]);
      frames.push(result.frame);
    }
    expect(frames).toEqual([...frames].sort((a, b) => Number(a) - Number(b)));
    expect(frames[0]).toBeTypeOf('number');
  });

  it('reads 128 KiB in one frame and more in several', async () => {
    const device = await opened(await emulate());
    const ramp = (size: number) => Uint8Array.from({ length: size }, (_, i) => i & 255);
    for (const size of [131_072, 262_144]) {
      const { reads } = await device.run([read(0, size, 'PRG ROM')]);
      expect(Buffer.from(reads[0] ?? []).equals(ramp(size))).toBe(true);
    }
    expect((await device.run([read(0, 131_072, 'PRG ROM')])).atomic).toBe(true);
  });

  it('is told of writes to memory that turns out to be read-only', async () => {
    const device = await opened(await emulate());
    const write: Step = { kind: 'write', at: { domain: 'PRG ROM', offset: 0 }, data: Uint8Array.of(1) };
    await expect(device.run([read(0), write])).rejects.toMatchObject({
      code: 'batch_step_failed',
      context: { step: 1, executed: [0] },
    });
    expect((await device.run([read(0)])).ok).toBe(true);
  });

  it('shows messages', async () => {
    const shown: string[] = [];
    const device = await opened(await emulate({ onMessage: (text) => shown.push(text) }));
    if (!supports(device, 'message')) throw new Error('no messages');
    await device.showMessage('héllo ✓');
    await expect.poll(() => shown).toContain('héllo ✓');
  });

  it('finds two emulators, tells them apart, and shows the taken one as busy', async () => {
    const first = await emulate();
    const second = await emulate({ rom: machineOf('BBBB', 2) });
    const both = driver(await first.ready, await second.ready);
    expect(await both.detect()).toMatchObject([
      { state: 'ready', rom: { hash: 'AAAA' } },
      { state: 'ready', rom: { hash: 'BBBB' } },
    ]);
    await expect(both.open(undefined)).rejects.toEqual(coded('device_ambiguous'));
    const device = await both.open(`bizhawk://127.0.0.1:${second.port}`);
    open.push(device);
    expect((await device.run([read(0)])).reads).toEqual([Uint8Array.of(2)]);
    expect(await both.detect()).toMatchObject([{ state: 'ready' }, { state: 'busy' }]);
    // Looking has disturbed nobody.
    expect((await device.run([read(0)])).reads).toEqual([Uint8Array.of(2)]);
    await expect(both.open(device.info.uri)).rejects.toEqual(coded('device_busy'));
    const other = await both.open(undefined);
    open.push(other);
    expect(other.info.rom.hash).toBe('AAAA');
  });

  it('can be opened again at once, many times', async () => {
    const emulator = await emulate();
    const port = await emulator.ready;
    for (let i = 0; i < 12; i++) {
      await using device = await driver(port).open(undefined);
      expect((await device.run([read(0)])).reads).toEqual([Uint8Array.of(1)]);
    }
    expect(emulator.port).toBe(port);
  });

  it('is served while the emulator is paused', async () => {
    const emulator = await emulate();
    const device = await opened(emulator);
    emulator.pause();
    const first = await device.run([read(0)]);
    const second = await device.run([read(0)]);
    expect(second.frame).toBe(first.frame);
    emulator.resume();
  });

  it('is served by an emulator that runs as fast as it can', async () => {
    const device = await opened(await emulate({ fps: 'max' }));
    for (let i = 0; i < 50; i++) expect((await device.run([read(0)])).reads).toEqual([Uint8Array.of(1)]);
  });

  it('has batches that queue up carried out in order, each whole', async () => {
    const device = await opened(await emulate());
    const counter: Step = { kind: 'read', at: { domain: 'WRAM', offset: 0 }, size: 1 };
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        device.run([
          { kind: 'guard', at: counter.at, expect: Uint8Array.of(i) },
          { kind: 'write', at: counter.at, data: Uint8Array.of(i + 1) },
          counter,
        ]),
      ),
    );
    expect(results.map(({ ok, reads }) => [ok, ...(reads[0] ?? [])])).toEqual(results.map((_, i) => [true, i + 1]));
  });

  it('notices an emulator that is killed', async () => {
    const emulator = await emulate();
    const device = await opened(emulator);
    await emulator.kill();
    expect(await device.closed).toMatchObject({ reason: 'lost' });
    await expect(device.run([read(0)])).rejects.toEqual(coded('device_closed'));
  });

  it.each([
    ['a restart of the script', 'AAAA', 1],
    ['another ROM, which restarts the script,', 'CCCC', 3],
  ])('notices %s and finds the emulator again', async (_, hash, seed) => {
    const emulator = await emulate();
    const device = await opened(emulator);
    await emulator.loadRom(machineOf(hash, seed));
    const { reason } = await device.closed;
    expect(['lost', 'rom_changed']).toContain(reason);
    let again: Device | undefined;
    await expect
      .poll(async () => {
        again = await driver(await emulator.ready)
          .open(undefined)
          .catch(() => undefined);
        return again?.info.rom.hash;
      })
      .toBe(hash);
    if (again) open.push(again);
    expect((await again?.run([read(0)]))?.reads).toEqual([Uint8Array.of(seed)]);
  });
});

describe('our device with an emulator that calls out', () => {
  const calling = async (logger = silentLogger) => {
    const port = await freePort();
    const opening = createBizHawkDriver({ token: 'abc', logger }).open(`comm://127.0.0.1:${port}`);
    const emulator = await emulate({
      transport: { kind: 'comm', host: '127.0.0.1', port },
      env: { CAUSEWAY_TOKEN: 'abc' },
    });
    const device = await opening;
    open.push(device);
    return { emulator, device, port };
  };

  it('is the same device', async () => {
    const { emulator, device } = await calling();
    const result = await device.run([
      read(0, 4),
      { kind: 'write', at: { domain: 'WRAM', offset: 5 }, data: Uint8Array.of(9) },
      read(5, 1, 'WRAM'),
    ]);
    expect(result).toMatchObject({ ok: true, atomic: true });
    expect(result.reads).toEqual([Uint8Array.of(1, 74, 147, 220), Uint8Array.of(9)]);
    await device.close();
    expect(emulator.frozen).toBe(false);
    const { frame } = emulator;
    await expect.poll(() => emulator.frame).toBeGreaterThan(frame + 5);
  });

  it('does not freeze the emulator when it ends badly', async () => {
    const controller = new AbortController();
    let armed = false;
    const debug = (event: string) => armed && event === 'bizhawk.send' && queueMicrotask(() => controller.abort());
    const { emulator, device } = await calling({ ...silentLogger, debug });
    armed = true;
    const run = device.run([read(0)], { signal: controller.signal });
    const told = expect(run).rejects.toEqual(coded('batch_outcome_unknown'));
    await told;
    const { frame } = emulator;
    await expect.poll(() => emulator.frame).toBeGreaterThan(frame + 5);
    expect(emulator.frozen).toBe(false);
  });
});
