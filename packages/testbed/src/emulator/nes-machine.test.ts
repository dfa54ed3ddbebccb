import { deserialize } from 'node:v8';
import { CANONICAL_DOMAINS } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { describe, expect, it } from 'vitest';
import { bundledGame } from './bundled-files.js';
import type { Machine } from './machine.js';
import { machineFor } from './machine-for.js';
import { NesMachine } from './nes-machine.js';
import { TINY, tinyRom } from './test-support/tiny-rom.js';

const start = (frames = 5, rom = tinyRom()): NesMachine => {
  const machine = new NesMachine(rom, 'tiny');
  for (let i = 0; i < frames; i++) machine.advance();
  return machine;
};

const domain = (machine: Machine, name: string) => {
  const found = machine.domains.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no domain ${name}`);
  return found;
};
const peek = (machine: Machine, name: string, offset: number): number => domain(machine, name).peek(offset);
const poke = (machine: Machine, name: string, offset: number, value: number): void =>
  domain(machine, name).poke(offset, value);

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    return CausewayError.is(error) ? error.code : String(error);
  }
  return undefined;
};

/** The same state need not be the same bytes: arrays are written packed or not. */
const content = (state: Uint8Array): string => JSON.stringify(deserialize(state));

describe('NesMachine', () => {
  it('runs a program a frame at a time', () => {
    const machine = start(0);
    machine.advance();
    machine.advance();
    const before = peek(machine, 'RAM', TINY.frameCounter);
    for (let i = 0; i < 10; i++) machine.advance();
    expect(peek(machine, 'RAM', TINY.frameCounter) - before).toBe(10);
  });

  it('names its memory as BizHawk does', () => {
    const machine = start();
    const facts = Object.fromEntries(machine.domains.map(({ name, size, writable }) => [name, { size, writable }]));
    expect(facts).toEqual({
      RAM: { size: 2048, writable: true },
      WRAM: { size: 8192, writable: true },
      'PRG ROM': { size: 16384, writable: false },
      CHR: { size: 8192, writable: true },
      'CIRAM (nametables)': { size: 2048, writable: true },
      PALRAM: { size: 32, writable: true },
      OAM: { size: 256, writable: true },
      'System Bus': { size: 65536, writable: true },
    });
    for (const { name } of machine.domains) expect(CANONICAL_DOMAINS['NES']).toContain(name);
  });

  it('shows the same bytes on the bus, mirrored as the hardware does', () => {
    const machine = start();
    poke(machine, 'RAM', 0x321, 0x5a);
    poke(machine, 'WRAM', 0x123, 0xa5);
    expect(peek(machine, 'System Bus', 0x0321)).toBe(0x5a);
    expect(peek(machine, 'System Bus', 0x1b21)).toBe(0x5a);
    expect(peek(machine, 'System Bus', 0x6123)).toBe(0xa5);
    expect(peek(machine, 'System Bus', 0xd0fe)).toBe(0xfe);
    expect(peek(machine, 'PRG ROM', 0x10fe)).toBe(0xfe);
    poke(machine, 'System Bus', 0x1b21, 7);
    poke(machine, 'System Bus', 0xd0fe, 7);
    expect(peek(machine, 'RAM', 0x321)).toBe(7);
    expect(peek(machine, 'System Bus', 0xd0fe)).toBe(0xfe);
  });

  it('reads no register by looking at the bus', () => {
    const machine = start();
    const state = machine.saveState();
    for (let address = 0x2000; address < 0x4020; address++) peek(machine, 'System Bus', address);
    expect(content(machine.saveState()) === content(state)).toBe(true);
  });

  it('reaches picture memory', () => {
    const machine = start();
    expect(peek(machine, 'PALRAM', 0)).toBe(0x16);
    for (const [name, offset] of [
      ['CIRAM (nametables)', 0x7ff],
      ['CHR', 0x1fff],
      ['OAM', 255],
      ['PALRAM', 9],
    ] as const) {
      poke(machine, name, offset, 0x21);
      expect(peek(machine, name, offset), name).toBe(0x21);
    }
    expect(peek(machine, 'CIRAM (nametables)', 0x3ff)).not.toBe(0x21);
  });

  it('draws what the program set: a red screen', () => {
    const picture = start(10).picture();
    expect([picture.width, picture.height, picture.rgba.length]).toEqual([256, 240, 256 * 240 * 4]);
    const [red = 0, green = 255, blue = 255, alpha = 0] = picture.rgba.subarray((120 * 256 + 128) * 4);
    expect(red).toBeGreaterThan(120);
    expect(green).toBeLessThan(80);
    expect(blue).toBeLessThan(80);
    expect(alpha).toBe(255);
  });

  it('feels buttons', () => {
    const machine = start();
    expect(peek(machine, 'RAM', TINY.buttonA)).toBe(0);
    machine.setButton(1, 'A', true);
    machine.advance();
    expect(peek(machine, 'RAM', TINY.buttonA)).toBe(1);
    machine.setButton(1, 'A', false);
    machine.advance();
    expect(peek(machine, 'RAM', TINY.buttonA)).toBe(0);
  });

  it('keeps all memory over a soft reset and runs from the start', () => {
    const machine = start();
    poke(machine, 'RAM', 0x400, 0x77);
    const starts = peek(machine, 'WRAM', TINY.startsInWram);
    machine.softReset();
    for (let i = 0; i < 3; i++) machine.advance();
    expect(peek(machine, 'RAM', 0x400)).toBe(0x77);
    expect(peek(machine, 'WRAM', TINY.startsInWram)).toBe(starts + 1);
  });

  it('keeps only battery RAM over a power cycle', () => {
    const machine = start();
    poke(machine, 'RAM', 0x400, 0x77);
    poke(machine, 'WRAM', 0x100, 0x66);
    machine.powerCycle();
    expect(peek(machine, 'RAM', 0x400)).not.toBe(0x77);
    expect(peek(machine, 'WRAM', 0x100)).toBe(0x66);
  });

  it('keeps nothing over a power cycle without a battery', () => {
    const machine = start(5, tinyRom({ battery: false }));
    poke(machine, 'WRAM', 0x100, 0x66);
    expect(machine.batteryRam()).toBeUndefined();
    machine.powerCycle();
    expect(peek(machine, 'WRAM', 0x100)).toBe(0);
  });

  it('carries a battery from one machine to the next, whatever its size', () => {
    const first = start();
    poke(first, 'WRAM', 0x1fff, 0x42);
    const battery = first.batteryRam() ?? new Uint8Array();
    expect(battery.length).toBe(0x2000);
    const second = start(0);
    second.loadBatteryRam(battery);
    expect(peek(second, 'WRAM', 0x1fff)).toBe(0x42);
    second.loadBatteryRam(Uint8Array.of(9));
    expect([peek(second, 'WRAM', 0), peek(second, 'WRAM', 0x1fff)]).toEqual([9, 0]);
    second.loadBatteryRam(new Uint8Array(0x4000).fill(3));
    expect(peek(second, 'WRAM', 0x1fff)).toBe(3);
    expect(peek(second, 'System Bus', 0xd0fe)).toBe(0xfe);
  });

  it('comes back to a saved state exactly, memory and battery included', () => {
    const machine = start(20);
    poke(machine, 'WRAM', 5, 0x11);
    const state = machine.saveState();
    const run = (): string => {
      for (let i = 0; i < 30; i++) machine.advance();
      return content(machine.saveState());
    };
    const once = run();
    poke(machine, 'WRAM', 5, 0x22);
    poke(machine, 'RAM', 0x300, 0x22);
    machine.loadState(state);
    expect(peek(machine, 'WRAM', 5)).toBe(0x11);
    expect(content(machine.saveState()) === content(state)).toBe(true);
    expect(run() === once).toBe(true);
  });

  it('refuses states that are none, or of another game', () => {
    const machine = start();
    expect(codeOf(() => machine.loadState(Uint8Array.of(1, 2, 3)))).toBe('file_unreadable');
    expect(codeOf(() => machine.loadState(new Uint8Array()))).toBe('file_unreadable');
    expect(codeOf(() => machine.loadState(start(1, tinyRom({ title: 'OTHER' })).saveState()))).toBe('file_unreadable');
  });

  it('stops before an instruction and goes on from there', () => {
    const machine = start();
    const counted = peek(machine, 'RAM', TINY.frameCounter);
    const stops = new Set([TINY.nmiAddress]);
    expect(machine.advance(stops)).toBe(TINY.nmiAddress);
    expect(machine.registers().get('PC')).toBe(TINY.nmiAddress);
    expect(peek(machine, 'RAM', TINY.frameCounter)).toBe(counted);
    expect(machine.advance(stops)).toBeUndefined();
    expect(peek(machine, 'RAM', TINY.frameCounter)).toBe(counted + 1);
  });

  it('goes on with frames when the program jams, and a reset frees it', () => {
    const rom = tinyRom();
    rom[16 + 0x81] = 0x02; // JAM in place of the interrupt's first operand
    rom[16 + 0x80] = 0x02;
    const machine = start(5, rom);
    expect(machine.jammed).toBe(true);
    expect(machine.advance()).toBeUndefined();
    machine.softReset();
    expect(machine.jammed).toBe(false);
  });

  it.each([
    ['empty', new Uint8Array()],
    ['not iNES', new Uint8Array(40_000)],
    ['cut short', tinyRom().subarray(0, 8000)],
    ['without program', tinyRom().fill(0, 4, 5)],
    ['of an unknown mapper', tinyRom().fill(0xf0, 6, 8)],
  ])('refuses an image that is %s', (_, image) => {
    expect(codeOf(() => new NesMachine(image, 'bad'))).toBe('file_unreadable');
  });

  it('refuses a file that is not there', () => {
    expect(codeOf(() => machineFor('/nowhere/game.nes'))).toBe('file_unreadable');
  });

  const game = bundledGame();
  it.skipIf(game === undefined)('runs our own game: it draws and lives', () => {
    const machine = machineFor(game ?? '');
    for (let i = 0; i < 240; i++) machine.advance();
    const colours = new Set(new Uint32Array(machine.picture()?.rgba.buffer ?? new ArrayBuffer(0)));
    expect(colours.size).toBeGreaterThan(3);
    const ram = () => Array.from({ length: 2048 }, (_, offset) => peek(machine, 'RAM', offset));
    const before = ram();
    for (let i = 0; i < 60; i++) machine.advance();
    expect(ram()).not.toEqual(before);
    expect(machine.jammed).toBe(false);
  });
});
