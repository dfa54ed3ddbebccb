/**
 * Where Rillgate keeps what others may read or write. The C source (`dolphin/src/layout.h`) holds the same numbers;
 * `dolphin/README.md` explains them. Offsets are bytes from the start of `MEM1`, guest address 0x80000000; numbers are big-endian.
 */
import type { Region } from '@causeway/bridge/device';
import type { Cell } from '@causeway/bridge/game';

/** Guest address of the first byte of `MEM1`. */
export const MEM1_BASE = 0x8000_0000;
/** Bytes of `MEM1` that a console has. */
export const MEM1_SIZE = 0x0180_0000;

export const mem1 = (offset: number, size: number): Region => ({ domain: 'MEM1', offset, size });
export const bigCell = (offset: number, size: Cell['size']): Cell => ({ domain: 'MEM1', offset, size, endian: 'big' });

const IDENT_AT = 0x1_8000;
const STATE_AT = 0x30_0000;
const state = (offset: number, size: number): Region => mem1(STATE_AT + offset, size);
const stateCell = (offset: number, size: Cell['size']): Cell => bigCell(STATE_AT + offset, size);

/** Six characters as every disc has them, then disc number and revision. */
export const DISC_ID = mem1(0, 8);
export const GAME_IDS = { gc: 'GRGE99', wii: 'RRGE99' } as const;
export type DolphinBuild = keyof typeof GAME_IDS;

/** What a copy says about itself. Part of the program file. */
export const IDENT = {
  /** Everything below, in one piece. */
  block: mem1(IDENT_AT, 160),
  /** {@link MAGIC}, NUL padded. */
  magic: mem1(IDENT_AT, 16),
  version: bigCell(IDENT_AT + 0x10, 1),
  /** 0: the game counts (mailbox). 1: the client counts (give array). */
  delivery: bigCell(IDENT_AT + 0x11, 1),
  /** 1: deaths are shared. */
  deathLink: bigCell(IDENT_AT + 0x12, 1),
  /** CRC-32 over version, options, slot name and seed; 0 in a copy that is nobody's. */
  stamp: bigCell(IDENT_AT + 0x14, 4),
  /** Magic, version, options and stamp: enough to know the copy by. */
  head: mem1(IDENT_AT, 24),
  /** UTF-8, NUL padded. */
  slotName: mem1(IDENT_AT + 0x20, 64),
  seed: mem1(IDENT_AT + 0x60, 64),
} as const;

/** The state block. From `saveId` to `give`, and the bag: part of the save. */
export const STATE = {
  /** All that is looked at while playing, in one piece. */
  head: state(0x000, 0x064),
  /** {@link MAGIC}, without padding: absent until the program has begun. */
  magic: state(0x000, 8),
  version: stateCell(0x008, 4),
  /** Another one after every boot and every reset. */
  nonce: stateCell(0x00c, 4),
  /** Frames since boot or reset. */
  frame: stateCell(0x010, 4),
  /** Interrupts of the console's clock. */
  tick: stateCell(0x014, 4),
  /** The gate: {@link SCENES}. */
  scene: stateCell(0x018, 4),
  sceneAge: stateCell(0x01c, 4),
  /** Text, empty on the title. */
  stageName: state(0x020, 8),
  /** 0xFF while no stage is loaded. */
  stageId: stateCell(0x028, 1),
  nextStage: stateCell(0x029, 1),
  /**
   * Number of the stage, then 24 bits: chests opened there and not merged yet. One aligned word, so that nobody sees chests of
   * one stage under the number of another.
   */
  stageChests: stateCell(0x02c, 4),
  /** Another one for every new game. */
  saveId: stateCell(0x030, 4),
  /** Entries in the bag: the counter of the mailbox. */
  taken: stateCell(0x034, 2),
  /** Entries handed over: the counter of the give array, written by the client. */
  expected: stateCell(0x036, 2),
  /** A byte per stage, a bit per chest, merged when the stage is left. */
  chests: state(0x038, 4),
  /** 1 once the gate is open. */
  goal: stateCell(0x03c, 4),
  deaths: stateCell(0x040, 4),
  /** Copy of what stands in the player's stats. */
  health: stateCell(0x044, 2),
  healthMax: stateCell(0x046, 2),
  /** The give array: item codes, {@link FREE} where there is none. */
  give: state(0x048, 16),
  /** The mailbox: see `mail.ts`. 0: empty. */
  mail: stateCell(0x058, 4),
  /** Guest address of the player object; 0 while there is none. Moves with every stage. */
  player: stateCell(0x060, 4),
  command: stateCell(0x070, 4),
  arg0: stateCell(0x074, 4),
  arg1: stateCell(0x078, 4),
  commandSeq: stateCell(0x07c, 4),
  commandAck: stateCell(0x080, 4),
  result: stateCell(0x084, 4),
  /** Frames between two steps of the keeper; 0: it stands still. */
  pace: stateCell(0x088, 4),
  /** Frames of title; 0: until it is told to start. */
  title: stateCell(0x08c, 4),
  /** Frames for which the game takes no items. */
  hold: stateCell(0x090, 4),
  /** What the function at `codeAt` returned this frame. */
  codeValue: stateCell(0x094, 4),
  codeAt: stateCell(0x098, 4),
  /** How many of each item, by code; 0 counts codes the game does not know. */
  inventory: state(0x0a0, 16),
  /** Codes of all items taken, in order. */
  bag: state(0x100, 256),
  /** 64 words, all of them rewritten every frame, slowly: a reader sees mixtures. */
  tear: state(0x200, 256),
  /** A sequence number, odd while `tear` or the words after it are being written, and the same words again, written fast. */
  seqlock: state(0x300, 256),
  /** A constant of every width: {@link TYPES}. */
  types: state(0x400, 0x50),
} as const;

/** Within the player object. */
export const PLAYER = { stats: 0x10, noPointer: 0x14 } as const;
/** Within the player's stats. */
export const STATS = { health: 0x08, float: 0x0c, frame: 0x10, size: 0x14 } as const;

/** Values of {@link STATE.scene}; 0 before the program begins. */
export const SCENES = { title: 1, loading: 2, game: 3, dead: 4 } as const;

/** Values of {@link STATE.command}. */
export const COMMANDS = {
  openChest: 1,
  kill: 2,
  softReset: 3,
  save: 4,
  load: 5,
  setStage: 6,
  start: 7,
  aramPut: 8,
  aramGet: 9,
  poke: 10,
  peek: 11,
  flushCode: 12,
} as const;

/** Guest addresses of further places, for tests of what reaches them. */
export const PLACES = { saveSlot: 0x8030_1000, aramStage: 0x8030_4000, stateInMem2: 0x9010_0000 } as const;

/** The constants in {@link STATE.types}: offset and value. */
export const TYPES = {
  u8: { at: 0x00, value: 0x81 },
  u16: { at: 0x02, value: 0x8001 },
  u32: { at: 0x04, value: 0xdead_beef },
  u64: { at: 0x08, value: 0x0123_4567_89ab_cdefn },
  float: { at: 0x10, value: Math.fround(Math.PI) },
  double: { at: 0x18, value: Math.E },
  text: { at: 0x20, value: 'text in latin\u00e9' },
  unaligned: { at: 0x41, value: 0xcafe_f00d },
} as const;

export const MAGIC = 'RILLGATE';
export const IDENT_VERSION = 1;
/** What an empty place of the give array holds. */
export const FREE = 0xff;
/** The most items the bag holds. */
export const BAG_SIZE = 255;
/** Handed over for items this version does not know: taken and counted, of no use. */
export const UNKNOWN_ITEM = 0xfe;
