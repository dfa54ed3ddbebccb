import type { Device, Step } from '@causeway/bridge/device';
import { createRetroArchDriver } from '@causeway/sni-bridge/retroarch';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { inOneFrame } from '../retroarch/in-one-frame.js';
import { RETROARCH_PROBE, RetroArchConsole } from '../retroarch/retroarch.js';
import { advanceRom, COUNTER, gameBoyRom, MARK, SIGNATURE } from './handheld-roms.js';

const PLACE = 'System Bus';
const text = (bytes: Uint8Array | undefined): string => new TextDecoder('latin1').decode(bytes);
const read = (domain: string, offset: number, size: number): Step => ({ kind: 'read', at: { domain, offset }, size });
const write = (domain: string, offset: number, ...data: number[]): Step => ({
  kind: 'write',
  at: { domain, offset },
  data: Uint8Array.from(data),
});

const number = async (device: Device, domain: string, size: number): Promise<number> => {
  const { reads } = await device.run([read(domain, COUNTER, size)]);
  return Number.parseInt(Buffer.from(reads[0]!).reverse().toString('hex'), 16);
};

/** The program is up, and goes on. */
const expectRunning = async (device: Device, domain: string): Promise<void> => {
  const signature = async (): Promise<string> => text((await device.run([read(domain, 0, COUNTER)])).reads[0]);
  await expect.poll(signature, { timeout: 10_000 }).toBe(SIGNATURE);
  const before = await number(device, domain, 2);
  await expect.poll(() => number(device, domain, 2), { timeout: 10_000 }).not.toBe(before);
};

const opened = async (image: Uint8Array, core: string, name: string, wanted: 'GB' | 'GBA') => {
  const console = await RetroArchConsole.start(image, core, name);
  try {
    const endpoints = [{ host: '127.0.0.1', port: console.port }];
    const driver = createRetroArchDriver({ systems: [wanted], endpoints });
    const [listing] = await driver.detect();
    expect(listing).toMatchObject({ uri: console.uri, state: 'ready' });
    const device = await driver.open(console.uri);
    return { console, device };
  } catch (error) {
    await console[Symbol.asyncDispose]();
    throw error;
  }
};

/** RetroArch, and both cores where distributions put them. */
const PROBE = [
  'sh',
  '-c',
  `${RETROARCH_PROBE.join(' ')} && ls /usr/lib*/libretro/gambatte_* /usr/lib/*/libretro/gambatte_* | grep . && ls /usr/lib*/libretro/mgba_* /usr/lib/*/libretro/mgba_* | grep .`,
] as const;

describe.skipIf(!toolAvailable('libretro-gb', PROBE))('handhelds in the real RetroArch', () => {
  it.each(['gambatte', 'mgba'])('Game Boy in %s', async (core) => {
    const { console: emulator, device } = await opened(gameBoyRom(), core, 'a game, with a comma.gb', 'GB');
    await using _console = emulator;
    await using _device = device;
    expect(device.info.system).toBe('GB');
    expect(device.info.rom.title).toBe('a game, with a comma');
    await expectRunning(device, 'WRAM');

    const both = await inOneFrame(device, [
      read(PLACE, 0xc000, SIGNATURE.length),
      read('CartRAM', 0, 1),
      read('ROM', 0x0200, SIGNATURE.length),
      read('WRAM', 0x0ffe, 4),
    ]);
    expect(text(both.reads[0])).toBe(SIGNATURE);
    expect(both.reads[1]).toEqual(Uint8Array.of(MARK));
    expect(text(both.reads[2])).toBe(SIGNATURE);

    // Over the border of the two halves of work RAM, which the core has in two blocks.
    const across = await device.run([write('WRAM', 0x0ffe, 1, 2, 3, 4), read('WRAM', 0x0ffe, 4)]);
    expect(across.reads[0]).toEqual(Uint8Array.of(1, 2, 3, 4));

    const highRam = device.info.domains.some(({ name }) => name === 'HRAM');
    expect(highRam).toBe(core === 'mgba');
    if (highRam) {
      const { reads } = await device.run([read('HRAM', 0, 0x7f), read(PLACE, 0xff7c, 8)]);
      expect(reads[0]?.[0]).toBe(MARK);
      expect(reads[1]?.[4]).toBe(MARK);
    } else {
      await expect(device.run([read(PLACE, 0xff80, 1)])).rejects.toMatchObject({ code: 'batch_step_failed' });
    }
    // A place that is refused ends nothing.
    await expect(device.run([write(PLACE, 0x0000, 1)])).rejects.toMatchObject({ code: 'batch_step_failed' });
    await expectRunning(device, 'WRAM');
  });

  it('Game Boy Advance in mgba', async () => {
    const { console: emulator, device } = await opened(advanceRom(), 'mgba', 'game.gba', 'GBA');
    await using _console = emulator;
    await using _device = device;
    expect(device.info.system).toBe('GBA');
    expect(device.info.domains).toContainEqual({ name: 'ROM', size: 0x1_0000, writable: false });
    await expectRunning(device, 'EWRAM');

    const { reads } = await inOneFrame(device, [
      read('IWRAM', 0, 1),
      read('SRAM', 0, 1),
      read('ROM', 0x100, SIGNATURE.length),
      read('PALRAM', 0, 0x400),
      read('EWRAM', 0x3_ff00, 0x100),
      read('OAM', 0, 0x400),
    ]);
    expect([reads[0], reads[1]]).toEqual([Uint8Array.of(MARK), Uint8Array.of(MARK)]);
    expect(text(reads[2])).toBe(SIGNATURE);
    expect(reads.map(({ length }) => length)).toEqual([1, 1, 16, 0x400, 0x100, 0x400]);
    const written = await device.run([write('EWRAM', 0x1000, 7, 8, 9), read('EWRAM', 0x1000, 3)]);
    expect(written.reads[0]).toEqual(Uint8Array.of(7, 8, 9));
  });
});
