/**
 * Where Marshlight keeps what others may read or write. The assembly source (`snes/marshlight.s`) holds the same numbers.
 * Numbers are little-endian; `WRAM` offsets are bytes from $7E0000.
 */
import type { Region } from '@causeway/bridge/device';
import type { Cell } from '@causeway/bridge/game';

const STATE_AT = 0x1000;
const wram = (offset: number, size: number): Region => ({ domain: 'WRAM', offset: STATE_AT + offset, size });
const cell = (offset: number, size: Cell['size']): Cell => ({ domain: 'WRAM', offset: STATE_AT + offset, size });

/** First bytes of the state block once the game is up. */
export const MAGIC = 'MARSHLIGHT/SNES';
export const MODES = { boot: 0, title: 1, playing: 2, dead: 3 } as const;

export const STATE = {
  /** All that is looked at while playing, in one piece. */
  head: wram(0x00, 0xe0),
  /** {@link MAGIC}, NUL padded: absent until the game is up. */
  magic: wram(0x00, 16),
  /** Frames since the reset. */
  frames: cell(0x10, 4),
  mode: cell(0x14, 1),
  health: cell(0x15, 1),
  boots: cell(0x16, 1),
  /** 1 once the light is lit. Saved. */
  goal: cell(0x17, 1),
  /** Six flags for each stage, a byte each. Saved. */
  chests: wram(0x20, 4),
  autoplay: cell(0x28, 2),
  /** 1: the mail below is complete; the game sets it back. Written last. */
  mailFull: cell(0x30, 1),
  /** Number of the item from 1, code of the item, slot it is from: two bytes each. */
  mail: wram(0x32, 6),
  /** Items taken so far, at most {@link BAG_SIZE}. Saved. */
  taken: cell(0x40, 2),
  /** Mails with another number than the next. */
  refused: cell(0x42, 2),
  command: cell(0x60, 1),
  argument: cell(0x62, 2),
  /** Deaths since the reset. */
  deaths: cell(0x64, 2),
  /** 1: the keeper dies at the next frame of play. */
  kill: cell(0x68, 1),
  /** Slot name and seed of the copy on which the save was begun, UTF-8, NUL padded. Saved. */
  ownerName: wram(0x80, 48),
  ownerSeed: wram(0xb0, 48),
} as const;

/** What tests may ask the game to do, by {@link STATE}.command. */
export const COMMANDS = { open: 1, die: 3, wipe: 5 } as const;

/** How many items the bag holds. The game leaves mail beyond them where it is. */
export const BAG_SIZE = 256;
export const SAVE = {
  magic: { domain: 'SRAM', offset: 0, size: 4 },
  taken: { domain: 'SRAM', offset: 4, size: 2 },
  goal: { domain: 'SRAM', offset: 6, size: 1 },
  chests: { domain: 'SRAM', offset: 8, size: 4 },
  /** Codes of the items in the order in which they were taken. */
  bag: { domain: 'SRAM', offset: 0x200, size: BAG_SIZE },
} as const satisfies Record<string, Region>;
/** First bytes of {@link SAVE}. */
export const SAVE_MAGIC = 'MLSV';
/** Bytes of save RAM on the cartridge. */
export const SRAM_SIZE = 0x2000;

/** Stands for items this version does not know. */
export const UNKNOWN_ITEM = 0xff;

/** 256 bytes in the second bank of work RAM: byte n is n xor $A5. */
export const PATTERN: Region = { domain: 'WRAM', offset: 0x1_8000, size: 256 };
