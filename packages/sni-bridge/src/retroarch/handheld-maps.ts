import { type MemoryMap, mapOfWindows, type Window, windowsOf } from './memory-map.js';

const window = (domain: string, address: number, size: number): Window => ({ domain, offset: 0, address, size });

/** What the cartridge's header and the core say of a Game Boy game. */
export interface GameBoyFacts {
  /** Whether the game uses what only the Game Boy Color has. */
  readonly color: boolean;
  /** Bytes of cartridge RAM; more than 8 KiB are banked, and the bus shows one bank of them. */
  readonly cartRamSize: number;
  /** gambatte shows neither high RAM nor OAM, mgba does (measured). */
  readonly highRam: boolean;
}

const CART_RAM_WINDOW = 0x2000;

/** Where the cores' blocks begin: a read over the end of one is cut short (measured). Work RAM is two on every model. */
const BLOCKS = [
  0x0000, 0x4000, 0x8000, 0xa000, 0xc000, 0xd000, 0xe000, 0xfe00, 0xfea0, 0xff00, 0xff80, 0xffff, 0x1_0000,
];

const systemBus = (): readonly Window[] =>
  BLOCKS.slice(0, -1).map((address, index) => ({
    domain: 'System Bus',
    offset: address,
    address,
    size: (BLOCKS[index + 1] ?? address) - address,
  }));

/**
 * A Game Boy's bus. Domains hold what always lies at the same place: the first bank of the ROM, and of a Game Boy Color's work
 * RAM; the rest is on `System Bus`, as it is banked in at that moment.
 */
export const gameBoyMap = ({ color, cartRamSize, highRam }: GameBoyFacts): MemoryMap => {
  const cartRam = cartRamSize > 0 && cartRamSize <= CART_RAM_WINDOW ? [window('CartRAM', 0xa000, cartRamSize)] : [];
  return mapOfWindows(
    color ? 'GBC' : 'GB',
    [
      ...windowsOf('WRAM', color ? 0x1000 : 0x2000, 0x1000, (offset) => 0xc000 + offset),
      window('ROM', 0x0000, 0x4000),
      ...cartRam,
      ...(color ? [] : [window('VRAM', 0x8000, 0x2000)]),
      ...(highRam ? [window('OAM', 0xfe00, 0xa0), window('HRAM', 0xff80, 0x7f)] : []),
      ...systemBus(),
    ],
    new Set(['ROM']),
  );
};

/** A Game Boy Advance's bus, as mgba shows it (measured). Without its size the ROM is not offered. */
export const gameBoyAdvanceMap = (romSize: number): MemoryMap =>
  mapOfWindows(
    'GBA',
    [
      window('EWRAM', 0x0200_0000, 0x4_0000),
      window('IWRAM', 0x0300_0000, 0x8000),
      ...(romSize > 0 ? [window('ROM', 0x0800_0000, romSize)] : []),
      window('SRAM', 0x0e00_0000, 0x1_0000),
      window('PALRAM', 0x0500_0000, 0x400),
      window('VRAM', 0x0600_0000, 0x1_8000),
      window('OAM', 0x0700_0000, 0x400),
    ],
    new Set(['ROM']),
  );
