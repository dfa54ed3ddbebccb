import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Device, DeviceListing, Region, Step } from '@causeway/bridge/device';
import { createRetroArchDriver, launchRetroArch } from '@causeway/sni-bridge/retroarch';
import { buildCartridge, type CartridgeMapping, MAGIC, PATTERN, SAVE_MAGIC, STATE } from '@causeway/testbed/snes-game';
import { describe, expect, it } from 'vitest';
import { freeUdpPort } from '../../support/free-port.js';
import { toolAvailable } from '../../support/require-tool.js';
import { inOneFrame } from './in-one-frame.js';
import { RETROARCH_PROBE, RetroArchConsole, SNES_CORE } from './retroarch.js';

const text = (bytes: Uint8Array | undefined): string => new TextDecoder('latin1').decode(bytes);
const read = (domain: string, offset: number, size: number): Step => ({ kind: 'read', at: { domain, offset }, size });
const readOf = ({ domain, offset, size }: Region): Step => read(domain, offset, size);
const write = (domain: string, offset: number, data: Uint8Array): Step => ({
  kind: 'write',
  at: { domain, offset },
  data,
});
const one = async (device: Device, step: Step): Promise<Uint8Array> => (await device.run([step])).reads[0]!;
const u32 = (bytes: Uint8Array | undefined): number => new DataView(bytes!.slice().buffer).getUint32(0, true);

const frames = async (device: Device): Promise<number> => u32(await one(device, readOf(STATE.frames)));

/** Until the game is up. */
const booted = (device: Device): Promise<void> =>
  expect.poll(async () => text(await one(device, readOf(STATE.magic))), { timeout: 10_000 }).toMatch(MAGIC);

const cartridge = (mapping: CartridgeMapping, slotName = 'Ana'): Uint8Array => buildCartridge({ mapping, slotName });
const opened = (console: RetroArchConsole): Promise<Device> => createRetroArchDriver().open(console.uri);

const listed = async (port: number): Promise<DeviceListing | undefined> =>
  (await createRetroArchDriver({ endpoints: [{ host: '127.0.0.1', port }] }).detect())[0];

const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-retroarch-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
};

describe.skipIf(!toolAvailable('retroarch', RETROARCH_PROBE))('the driver in the real RetroArch', () => {
  it.each([
    ['lorom', 0x2_0000],
    ['hirom', 0x2_0000],
    ['exhirom', 0x40_0000],
  ] as const)('finds work RAM, save RAM and ROM of %s where they are', async (mapping, romSize) => {
    const image = cartridge(mapping);
    await using console = await RetroArchConsole.start(image);
    await using device = await opened(console);
    expect(device.info.system).toBe('SNES');
    expect(device.info.domains).toEqual([
      { name: 'WRAM', size: 0x2_0000, writable: true },
      { name: 'SRAM', size: 0x2000, writable: true },
      { name: 'ROM', size: romSize, writable: false },
    ]);
    await booted(device);
    expect(await one(device, readOf(PATTERN))).toEqual(Uint8Array.from({ length: 256 }, (_, index) => index ^ 0xa5));

    expect(text(await one(device, read('SRAM', 0, 4)))).toBe(SAVE_MAGIC);
    const tail = Uint8Array.of(9, 8, 7, 6);
    expect((await device.run([write('SRAM', 0x1ffc, tail), read('SRAM', 0x1ffc, 4)])).reads[0]).toEqual(tail);

    // Whole where that is quick, else at the borders of banks; each word of the file tells where it stands.
    const places = mapping === 'exhirom' ? [0, 0x7ff0, 0xfff0, 0x1f_fff0, 0x3f_fc00] : [0];
    const size = mapping === 'exhirom' ? 0x400 : romSize;
    for (const at of places) {
      expect(Buffer.compare(await one(device, read('ROM', at, size)), image.subarray(at, at + size))).toBe(0);
    }
    await expect(device.run([write('ROM', 0, tail)])).rejects.toMatchObject({ code: 'domain_read_only' });
  });

  it('reads many places in one frame', async () => {
    await using console = await RetroArchConsole.start(cartridge('lorom'));
    await using device = await opened(console);
    await booted(device);
    const check: Region = { ...STATE.frames, offset: STATE.magic.offset + 0x70, size: 4 };
    const far = Array.from({ length: 29 }, (_, index) => read('WRAM', 0x2000 + index * 0x800, 64));
    for (let round = 0; round < 20; round++) {
      const { reads } = await inOneFrame(device, [readOf(STATE.frames), ...far, readOf(check)]);
      expect((u32(reads[0]) ^ u32(reads.at(-1))) >>> 0).toBe(0x5a5a_5a5a);
    }
    // All of it takes no longer than one read alone: about a frame each.
    const before = await frames(device);
    for (let round = 0; round < 20; round++) await device.run([readOf(STATE.frames), ...far]);
    expect((await frames(device)) - before).toBeLessThan(60);
  });

  it('writes as much as asked for, and nothing else, whatever the size', async () => {
    await using console = await RetroArchConsole.start(cartridge('lorom'));
    await using device = await opened(console);
    await booted(device);
    // More than one command may hold: cut by RetroArch it would zero the rest of work RAM.
    const data = Uint8Array.from({ length: 0x900 }, (_, index) => (index * 7 + 1) & 0xff);
    const { reads } = await device.run([
      read('WRAM', 0x4000, 0xa00),
      write('WRAM', 0x4080, data),
      read('WRAM', 0x4000, 0xa00),
      readOf(PATTERN),
    ]);
    expect(reads[1]!.subarray(0, 0x80)).toEqual(reads[0]!.subarray(0, 0x80));
    expect(reads[1]!.subarray(0x80, 0x980)).toEqual(data);
    expect(reads[1]!.subarray(0x980)).toEqual(reads[0]!.subarray(0x980));
    expect(reads[2]![1]).toBe(1 ^ 0xa5);
  });

  it('shows text, and nothing in it becomes a command', async () => {
    await using console = await RetroArchConsole.start(cartridge('lorom'));
    await using device = await opened(console);
    await booted(device);
    const screen = device as Device & { showMessage(text: string): Promise<void> };
    await screen.showMessage('Found a Key\nQUIT\r\nRESET\n');
    await screen.showMessage('Þ'.repeat(5000));
    const boots = await one(device, readOf({ ...STATE.boots }));
    const before = await frames(device);
    await expect.poll(() => frames(device)).toBeGreaterThan(before + 10);
    expect(await one(device, readOf({ ...STATE.boots }))).toEqual(boots);
  });

  it('reads a paused game, and says that it is paused', async () => {
    await using console = await RetroArchConsole.start(cartridge('lorom'));
    await using device = await opened(console);
    await booted(device);
    await console.pause();
    const still = await frames(device);
    expect(await frames(device)).toBe(still);
    expect(device.status).toBe('paused');
    await console.resume();
    await expect.poll(() => frames(device)).toBeGreaterThan(still);
    expect(device.status).toBe('running');
  });

  it('notices that RetroArch was killed, and finds it again', async () => {
    await using console = await RetroArchConsole.start(cartridge('lorom'));
    await using device = await opened(console);
    await booted(device);
    await console.kill();
    await expect(device.run([readOf(STATE.frames)])).rejects.toMatchObject({ code: 'batch_outcome_unknown' });
    expect(await device.closed).toMatchObject({ reason: 'lost', error: { code: 'device_lost' } });
    await expect(opened(console)).rejects.toMatchObject({ code: 'device_not_found' });
    await console.start();
    await using again = await opened(console);
    await booted(again);
  });

  it('notices another RetroArch that takes over the port, and the first when it has it back', async () => {
    await inFolder(async (folder) => {
      const content = join(folder, 'a.sfc');
      await writeFile(content, cartridge('lorom'));
      const port = await freeUdpPort();
      await using first = await launchRetroArch({ content, core: SNES_CORE, folder, port, headless: true });
      const driver = createRetroArchDriver();
      await using device = await driver.open(first.uri);
      await booted(device);
      // The launcher refuses a port that is taken; a player's second RetroArch does not.
      const other = join(folder, 'b.sfc');
      await writeFile(other, cartridge('hirom', 'Bo'));
      const [program = '', ...args] = (await readFile(`/proc/${first.pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
      const second = spawn(program, [...args.slice(0, -1), other], {
        stdio: 'ignore',
        env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, DISPLAY: '' },
      });
      try {
        const hash = async (): Promise<string | undefined> => (await listed(port))?.rom?.hash;
        await expect.poll(hash, { timeout: 10_000 }).not.toBe(device.info.rom.hash);
        await expect(device.run([readOf(STATE.frames)])).rejects.toMatchObject({ code: 'batch_outcome_unknown' });
        expect((await device.closed).reason).toBe('rom_changed');
      } finally {
        const gone = once(second, 'exit');
        second.kill('SIGKILL');
        await gone;
      }
      await using back = await driver.open(first.uri);
      expect(back.info.rom.hash).toBe(device.info.rom.hash);
    });
  });

  it('is not started on a port where another one listens', async () => {
    await using console = await RetroArchConsole.start(cartridge('lorom'));
    await inFolder(async (folder) => {
      const content = join(folder, 'b.sfc');
      await writeFile(content, cartridge('lorom'));
      const other = { content, core: SNES_CORE, folder, port: console.port, headless: true };
      await expect(launchRetroArch(other)).rejects.toMatchObject({ code: 'port_in_use' });
    });
    await using device = await opened(console);
    await booted(device);
  });

  it('lists what runs in under a second, without disturbing it', async () => {
    await using console = await RetroArchConsole.start(cartridge('hirom'), SNES_CORE, 'Fen, the 2nd.sfc');
    const nobody = await freeUdpPort();
    const endpoints = [console.port, nobody].map((port) => ({ host: '127.0.0.1', port }));
    const started = performance.now();
    const listings = await createRetroArchDriver({ endpoints }).detect();
    expect(performance.now() - started).toBeLessThan(1000);
    expect(listings).toHaveLength(1);
    expect(listings[0]).toMatchObject({ uri: console.uri, state: 'ready', system: 'SNES' });
    expect(listings[0]?.rom?.title).toBe('Fen, the 2nd');
  });
});

describe.skipIf(!toolAvailable('retroarch', RETROARCH_PROBE))('starting the real RetroArch', () => {
  const start = (name: string, image: Uint8Array | undefined, core = SNES_CORE): Promise<unknown> =>
    inFolder(async (folder) => {
      const content = join(folder, name);
      if (image) await writeFile(content, image);
      const port = await freeUdpPort();
      const options = { content, core, folder, port, headless: true, timeoutMs: 3000 };
      await using running = await launchRetroArch(options);
      return running.uri;
    }).catch((error: unknown) => error);

  it('says what is missing', async () => {
    expect(await start('none.sfc', undefined)).toMatchObject({ code: 'file_unreadable' });
    expect(await start('a.sfc', cartridge('lorom'), 'no_such_core')).toMatchObject({ code: 'emulator_failed' });
  });

  it('says that the core does not know the file', async () => {
    expect(await start('a.bin', new Uint8Array(100), 'mgba')).toMatchObject({ code: 'emulator_failed' });
  });

  it('ends in order with the save on disk, or at once', () =>
    inFolder(async (folder) => {
      const content = join(folder, 'game.sfc');
      await writeFile(content, cartridge('lorom'));
      const port = await freeUdpPort();
      await using running = await launchRetroArch({ content, core: SNES_CORE, folder, port, headless: true });
      const device = await createRetroArchDriver().open(running.uri);
      await booted(device);
      await device.close();
      expect(await running.stop()).toEqual({ code: 0, signal: null });
      expect(text(await readFile(join(folder, 'saves', 'game.srm'))).slice(0, 4)).toBe(SAVE_MAGIC);
      await using again = await launchRetroArch({ content, core: SNES_CORE, folder, port, headless: true });
      expect(await again.kill()).toEqual({ code: null, signal: 'SIGKILL' });
      expect(await again.stop()).toEqual({ code: null, signal: 'SIGKILL' });
    }));
});
