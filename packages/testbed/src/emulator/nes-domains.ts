import { CANONICAL_DOMAINS } from '@causeway/bridge/device';
import type { JsnesCore } from './jsnes-core.js';
import type { MemoryDomain } from './machine.js';
import type { NesRom } from './nes-rom.js';

type Access = Omit<MemoryDomain, 'name'>;

const PATTERN_BYTES = 0x2000;
const NAMETABLE_BYTES = 0x400;
const WRAM_START = 0x6000;
const PALETTE_START = 0x3f00;

const readOnly = (image: Uint8Array, start: number, size: number): Access => ({
  size,
  writable: false,
  peek: (offset) => image[start + offset] ?? 0,
  poke: () => {},
});

/** A window on the CPU's memory. The core is asked anew each time: a reset or a loaded state replaces its parts. */
const cpuMemory = (core: JsnesCore, start: number, size: number): Access => ({
  size,
  writable: true,
  peek: (offset) => core.cpu.mem[start + offset] ?? 0,
  poke: (offset, value) => {
    core.cpu.mem[start + offset] = value;
  },
});

/** Where in jsnes' PPU memory the console's own two nametables lie; that depends on the cartridge's mirroring. */
const nametablePage = (core: JsnesCore, page: number): number => {
  const shown = [0x2000, 0x2400, 0x2800, 0x2c00].map((address) => core.ppu.vramMirrorTable[address] ?? address);
  const distinct = [...new Set(shown)].sort((a, b) => a - b);
  return distinct[page] ?? 0x2400;
};

const nametables = (core: JsnesCore): Access => {
  const physical = (offset: number) =>
    nametablePage(core, Math.floor(offset / NAMETABLE_BYTES)) + (offset % NAMETABLE_BYTES);
  return {
    size: 2 * NAMETABLE_BYTES,
    writable: true,
    peek: (offset) => core.ppu.vramMem[physical(offset)] ?? 0,
    poke: (offset, value) => core.ppu.writeMem(physical(offset), value),
  };
};

const patterns = (core: JsnesCore, rom: NesRom): Access => ({
  size: PATTERN_BYTES,
  writable: rom.chrSize === 0,
  peek: (offset) => core.ppu.vramMem[offset] ?? 0,
  poke: (offset, value) => core.ppu.writeMem(offset, value),
});

const palette = (core: JsnesCore): Access => ({
  size: 32,
  writable: true,
  peek: (offset) => core.ppu.vramMem[PALETTE_START + offset] ?? 0,
  poke: (offset, value) => core.ppu.mirroredWrite(PALETTE_START + offset, value),
});

const sprites = (core: JsnesCore): Access => ({
  size: 256,
  writable: true,
  peek: (offset) => core.ppu.spriteMem[offset] ?? 0,
  poke: (offset, value) => {
    core.ppu.spriteMem[offset] = value;
  },
});

/** The CPU's address space, looked at without the side effects that reading a register has. */
const systemBus = (core: JsnesCore): Access => ({
  size: 0x10000,
  writable: true,
  peek: (address) => {
    if (address < 0x2000) return core.cpu.mem[address & 0x7ff] ?? 0;
    if (address < 0x4000) return core.ppu.openBusLatch;
    if (address < WRAM_START) return 0;
    return core.cpu.mem[address] ?? 0;
  },
  poke: (address, value) => {
    if (address < 0x2000) core.cpu.mem[address & 0x7ff] = value;
    else if (address < WRAM_START) core.mmap.write(address, value);
    else if (address < 0x8000) core.cpu.mem[address] = value;
  },
});

/** The memory of a NES under the canonical names, in their order. A cartridge without character ROM has no such domain. */
export const nesDomains = (core: JsnesCore, rom: NesRom): readonly MemoryDomain[] => {
  const access: Readonly<Record<string, Access | undefined>> = {
    RAM: cpuMemory(core, 0, 0x800),
    WRAM: cpuMemory(core, WRAM_START, 0x2000),
    'PRG ROM': readOnly(rom.image, rom.prgOffset, rom.prgSize),
    'CHR VROM': rom.chrSize === 0 ? undefined : readOnly(rom.image, rom.chrOffset, rom.chrSize),
    CHR: patterns(core, rom),
    'CIRAM (nametables)': nametables(core),
    PALRAM: palette(core),
    OAM: sprites(core),
    'System Bus': systemBus(core),
  };
  return (CANONICAL_DOMAINS['NES'] ?? []).flatMap((name) => {
    const domain = access[name];
    return domain === undefined ? [] : [{ name, ...domain }];
  });
};
