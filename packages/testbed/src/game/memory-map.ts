/**
 * Where the game keeps what others may read or write. The assembly source (`game/src/memory.inc`) holds the same numbers;
 * `game/README.md` explains them. Offsets are bytes from the start of a domain.
 */
import type { Region } from '@causeway/bridge/device';

const ram = (offset: number, size = 1): Region => ({ domain: 'RAM', offset, size });
const wram = (offset: number, size = 1): Region => ({ domain: 'WRAM', offset, size });
const prg = (offset: number, size: number): Region => ({ domain: 'PRG ROM', offset, size });

/** Work memory: emptied by every reset. */
export const RAM = {
  /** The gate: {@link STATES}. */
  state: ram(0x0700),
  /** Index of the room the hero is in. */
  room: ram(0x0701),
  /** The hero's place in the room: row * 16 + column. */
  cell: ram(0x0702),
  /** 1 while the hero walks by itself, 0 while a controller leads it. */
  autopilot: ram(0x0703),
  /** 0 alive, else frames until the hero stands up again. */
  dying: ram(0x0704),
  /** Chests opened. */
  chests: ram(0x0705),
  /** Frames since reset, little endian, wraps. */
  frames: ram(0x0706, 2),
  /** Mailbox of the model in which the game advances its counter: full flag, item code, index of the item. */
  mailFull: ram(0x0710),
  mailItem: ram(0x0711),
  mailIndex: ram(0x0712),
  /** Writing 1 kills the hero; the game clears it when it has. */
  kill: ram(0x0718),
  /** How many of each item the hero has, by code. Rebuilt from the bag at every start. */
  inventory: ram(0x0720, 16),
} as const;

/** Battery memory: survives power off. */
export const WRAM = {
  /** `EMBRSAVE` when the save is valid. */
  magic: wram(0x0000, 8),
  /** Copy of the ROM's stamp: a save belongs to one slot of one seed. */
  stamp: wram(0x0008, 4),
  /** Chest flags, lowest bit of the first byte first. */
  chestFlags: wram(0x0010, 3),
  /** 1 once the beacon burns. */
  goal: wram(0x0013),
  /** Entries in the bag: how many received items the game has taken. Its own counter. */
  taken: wram(0x0014),
  /** How many items were handed over, in the model in which the client counts. */
  received: wram(0x0015),
  /** Inbox of that model: item code, 0 when empty. */
  inbox: wram(0x0016),
  /** Room to continue in. */
  savedRoom: wram(0x0017),
  /** Deaths that happened in the game, and what the last one was ({@link DEATH_CAUSES}). Wraps. */
  deaths: wram(0x0018),
  /** Deaths that came from {@link RAM.kill}. Wraps. */
  linkDeaths: wram(0x0019),
  deathCause: wram(0x001a),
  /** The bag: codes of all items taken, in order, and a check byte for each. */
  bag: wram(0x0100, 256),
  bagCheck: wram(0x0200, 256),
} as const;

/** Read-only: what the ROM says about itself. */
export const IDENT = {
  /** Everything below, in one piece. */
  block: prg(0x0000, 160),
  /** {@link IDENT_MAGIC}, NUL padded. */
  magic: prg(0x0000, 16),
  version: prg(0x0010, 1),
  /** 0: the game advances the counter. 1: the client does. */
  delivery: prg(0x0011, 1),
  /** 1: deaths are shared. */
  deathLink: prg(0x0012, 1),
  /** CRC-32 over version, options, slot name and seed name, little endian; 0 in a ROM that was never stamped. */
  stamp: prg(0x0014, 4),
  /** Magic, version, options and stamp: enough to know the copy by. */
  head: prg(0x0000, 24),
  /** UTF-8, NUL padded. */
  slotName: prg(0x0020, 64),
  seed: prg(0x0060, 64),
} as const;

export const IDENT_MAGIC = 'EMBERWALK';
export const IDENT_VERSION = 1;
/** PRG ROM starts here in the `.nes` file. */
export const INES_HEADER_SIZE = 16;

/** Values of {@link RAM.state}. Letters, so that what memory holds at power-on is none of them. */
export const STATES = { boot: 0, title: 0x54, playing: 0x50, ending: 0x45 } as const;

/** Values of {@link WRAM.deathCause}. */
export const DEATH_CAUSES = { spikes: 1, wisp: 2 } as const;

/** Most items the bag holds. */
export const BAG_SIZE = 255;
/** Stands in the bag for an item this version of the game does not know. */
export const UNKNOWN_ITEM = 255;
