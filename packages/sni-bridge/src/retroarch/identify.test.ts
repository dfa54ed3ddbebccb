import type { Device } from '@causeway/bridge/device';
import { VirtualClock } from '@causeway/bridge/testing';
import { describe, expect, it } from 'vitest';
import { putHeader } from '../testing/put-header.js';
import { createRetroArchDriver } from './retroarch-driver.js';
import { FakeRetroArch } from './testing/fake-retroarch.js';

/** Blocks of a core's memory map, by the address each begins at. */
type Blocks = Readonly<Record<number, Uint8Array>>;

const openedOn = async (system: string, blocks: Blocks): Promise<Device> => {
  const clock = new VirtualClock();
  const read = (address: number, size: number): Uint8Array | undefined => {
    for (const [start, bytes] of Object.entries(blocks)) {
      const offset = address - Number(start);
      if (offset >= 0 && offset < bytes.length) return bytes.slice(offset, offset + size);
    }
    return undefined;
  };
  const memory = { read, write: () => 'descriptor data is readonly' };
  const status = { state: 'playing', system, content: 'game', crc32: 0xabc } as const;
  const emulator = new FakeRetroArch({ clock, random: () => 1, memory, status });
  const opening = createRetroArchDriver({ clock, socketFactory: emulator.createSocket }).open('retroarch://127.0.0.1');
  let settled = false;
  const note = (): void => {
    settled = true;
  };
  opening.then(note, note);
  while (!settled) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.pass(1);
    emulator.poll();
  }
  return opening;
};

const sizes = ({ info }: Device): Readonly<Record<string, number>> =>
  Object.fromEntries(info.domains.map(({ name, size }) => [name, size]));

const gameBoyRom = (color: number, ramSize: number): Uint8Array => {
  const rom = new Uint8Array(0x4000);
  rom[0x143] = color;
  rom[0x149] = ramSize;
  return rom;
};
const WORK_RAM = new Uint8Array(0x1000);
const COMMON = { ROM: 0x4000, 'System Bus': 0x1_0000 } as const;

describe('a Game Boy', () => {
  it.each([
    ['gambatte', 0x00, 0, { ...COMMON, WRAM: 0x2000, VRAM: 0x2000 }],
    ['Gambatte', 0x00, 1, { ...COMMON, WRAM: 0x2000, VRAM: 0x2000, CartRAM: 0x800 }],
    ['game_boy', 0x00, 3, { ...COMMON, WRAM: 0x2000, VRAM: 0x2000 }],
    ['game_boy_color', 0x80, 2, { ...COMMON, WRAM: 0x1000, CartRAM: 0x2000 }],
    ['gambatte', 0xc0, 0, { ...COMMON, WRAM: 0x1000 }],
  ])('in %s, colour %i, cartridge RAM %i: its domains', async (core, color, ramSize, domains) => {
    const device = await openedOn(core, { 0: gameBoyRom(color, ramSize), 49152: WORK_RAM });
    expect(device.info.rom).toEqual({ system: color === 0 ? 'GB' : 'GBC', hash: '00000abc', title: 'game' });
    expect(sizes(device)).toEqual(domains);
  });

  it('shows high RAM in mGBA, which calls it an Advance', async () => {
    const device = await openedOn('game_boy_advance', {
      0: gameBoyRom(0x00, 0),
      49152: WORK_RAM,
      65408: new Uint8Array(0x7f),
    });
    expect(device.info.system).toBe('GB');
    expect(sizes(device)).toEqual({ ...COMMON, WRAM: 0x2000, VRAM: 0x2000, OAM: 0xa0, HRAM: 0x7f });
  });
});

describe('an Advance', () => {
  it.each([0, 0x1_0000, 0x40_0000, 0x200_0000])('with a ROM of %i bytes', async (romSize) => {
    const device = await openedOn('mGBA', {
      33554432: new Uint8Array(0x4_0000),
      134217728: new Uint8Array(romSize),
    });
    expect(device.info.system).toBe('GBA');
    expect(sizes(device)['ROM']).toBe(romSize === 0 ? undefined : romSize);
  });
});

describe('a SNES game', () => {
  const wram = new Uint8Array(0x2_0000);
  const header = (stated: Parameters<typeof putHeader>[2]): Uint8Array => {
    const bytes = new Uint8Array(0x50);
    putHeader(bytes, 0, stated);
    return bytes;
  };
  const LOROM = header({ title: 'LOW', mode: 0x20, rom: 8, ram: 3 });
  const HIROM = header({ title: 'HIGH', mode: 0x21, rom: 9, ram: 3 });
  const junk = Uint8Array.from({ length: 0x50 }, (_, index) => (index * 37) & 0xff);

  it.each([
    ['LoROM, which shows its header in both places', LOROM, LOROM, 'LOW', 0x4_0000],
    ['HiROM, which shows something else in the first', junk, HIROM, 'HIGH', 0x8_0000],
    ['neither: the file’s name, and work RAM alone', junk, junk, 'game', undefined],
  ] as const)('is %s', async (_, low, high, title, romSize) => {
    const device = await openedOn('super_nes', { 8257536: wram, 8454064: low, 12648368: high });
    expect(device.info.rom).toEqual({ system: 'SNES', hash: '00000abc', title });
    expect(sizes(device)['ROM']).toBe(romSize);
    expect(sizes(device)['SRAM']).toBe(romSize === undefined ? undefined : 0x2000);
  });
});
