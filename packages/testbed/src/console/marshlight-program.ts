import { MODES, PATTERN, SAVE_MAGIC } from '../snes-game/memory-map.js';
import type { Program } from './program.js';
import type { Cartridge, SnesMemory } from './snes-memory.js';

/**
 * Marshlight as the console runs it: `snes/marshlight.s`, procedure by procedure, one {@link Program.frame} for each vertical
 * blank. Addresses are those of the source, in work RAM; its scratch bytes ($00-$03) and the picture are left out.
 */
const API = 0x1000;
const API_SIZE = 0x200;
const FRAMES = API + 0x10;
const MODE = API + 0x14;
const HEALTH = API + 0x15;
const BOOTS = API + 0x16;
const GOAL = API + 0x17;
const CHESTS = API + 0x20;
const AUTO = API + 0x28;
const AUTO_COUNT = API + 0x2a;
const DEAD_COUNT = API + 0x2c;
const MAILBOX = API + 0x30;
const MAIL_NUMBER = API + 0x32;
const MAIL_ITEM = API + 0x34;
const MAIL_FROM = API + 0x36;
const TAKEN = API + 0x40;
const REFUSED = API + 0x42;
const LAST_ITEM = API + 0x44;
const LAST_FROM = API + 0x46;
const COMMAND = API + 0x60;
const ARGUMENT = API + 0x62;
const DEATHS = API + 0x64;
const KILL = API + 0x68;
const WRAP_CHECK = API + 0x70;
const OWNER = API + 0x80;
const ITEMS = API + 0x100;

const SAVE = { taken: 0x04, goal: 0x06, chests: 0x08, owner: 0x10, items: 0x100, bag: 0x200, size: 0x300 } as const;
const OWNER_SIZE = 96;
const BAG = 256;
const STAGES = 4;
const FULL = 0x3f;
const TITLE_FRAMES = 60;
const DEAD_FRAMES = 90;
const FULL_HEALTH = 3;
const SPARK = { code: 4, needed: 5 } as const;
const OPEN = 1;
const DIE = 3;
const WIPE = 5;

const MAGIC = new TextEncoder().encode('MARSHLIGHT/SNES');
const SAVE_MAGIC_BYTES = new TextEncoder().encode(SAVE_MAGIC);
/** The word that begins the identification, and where frames between chests, slot name and seed stand in it. */
const IDENT_WORD = 'MARSHLIGHT';
const IDENT = { autoplay: 12, owner: 16 } as const;
/** Where the identification stands, by the offset of the header. */
const IDENT_BEFORE_HEADER = 0x7fb0 - 0x6000;

class MarshlightProgram implements Program {
  /** Where the identification stands in ROM. */
  readonly #ident: number;

  constructor(ident: number) {
    this.#ident = ident;
  }

  boot(memory: SnesMemory): void {
    const { wram } = memory;
    const boots = (at(wram, BOOTS) + 1) & 0xff;
    wram.fill(0, API, API + API_SIZE);
    wram[BOOTS] = boots;
    for (let n = 0; n < PATTERN.size; n++) wram[PATTERN.offset + n] = n ^ 0xa5;
    loadSave(memory, this.#owner(memory));
    put16(wram, AUTO, get16(memory.rom, this.#ident + IDENT.autoplay));
    wram[MODE] = MODES.title;
    wram[HEALTH] = FULL_HEALTH;
    wram.set(MAGIC, API);
  }

  frame(memory: SnesMemory): void {
    countFrame(memory.wram);
    obey(memory, this.#owner(memory));
    changeMode(memory.wram);
    dieIfAsked(memory.wram);
    takeMail(memory);
    walkOn(memory);
  }

  /** Slot name and seed of this copy. */
  #owner({ rom }: SnesMemory): Uint8Array {
    const at = this.#ident + IDENT.owner;
    return rom.subarray(at, at + OWNER_SIZE);
  }
}

const at = (bytes: Uint8Array, offset: number): number => bytes[offset] ?? 0;
const get16 = (bytes: Uint8Array, offset: number): number => at(bytes, offset) | (at(bytes, offset + 1) << 8);
const put16 = (bytes: Uint8Array, offset: number, value: number): void => {
  bytes.set([value & 0xff, (value >> 8) & 0xff], offset);
};
const count16 = (bytes: Uint8Array, offset: number): number => {
  const counted = (get16(bytes, offset) + 1) & 0xffff;
  put16(bytes, offset, counted);
  return counted;
};

const wipeSave = ({ sram }: SnesMemory, owner: Uint8Array): void => {
  sram.fill(0, 0, SAVE.size);
  sram.set(owner, SAVE.owner);
  sram.set(SAVE_MAGIC_BYTES);
};

const loadSave = (memory: SnesMemory, owner: Uint8Array): void => {
  const { sram, wram } = memory;
  if (!SAVE_MAGIC_BYTES.every((byte, index) => sram[index] === byte)) wipeSave(memory, owner);
  put16(wram, TAKEN, get16(sram, SAVE.taken));
  wram.set(sram.subarray(SAVE.chests, SAVE.chests + STAGES), CHESTS);
  wram.set(sram.subarray(SAVE.owner, SAVE.owner + OWNER_SIZE), OWNER);
  wram[GOAL] = at(sram, SAVE.goal);
  countBag(memory);
};

/** What the keeper has is what the bag says. */
const countBag = (memory: SnesMemory): void => {
  const { sram, wram } = memory;
  wram.fill(0, ITEMS, ITEMS + 0x100);
  const held = Math.min(get16(wram, TAKEN), BAG);
  for (const item of sram.subarray(SAVE.bag, SAVE.bag + held)) wram[ITEMS + item] = at(wram, ITEMS + item) + 1;
  lightIfEnough(memory);
};

const lightIfEnough = ({ sram, wram }: SnesMemory): void => {
  if (at(wram, ITEMS + SPARK.code) < SPARK.needed) return;
  wram[GOAL] = 1;
  sram[SAVE.goal] = 1;
};

const countFrame = (wram: Uint8Array): void => {
  const view = new DataView(wram.buffer, wram.byteOffset, wram.length);
  const frames = (view.getUint32(FRAMES, true) + 1) >>> 0;
  view.setUint32(FRAMES, frames, true);
  view.setUint32(WRAP_CHECK, (frames ^ 0x5a5a_5a5a) >>> 0, true);
};

const openChest = ({ wram, sram }: SnesMemory, stage: number, flags: number): void => {
  const opened = at(wram, CHESTS + stage) | flags;
  wram[CHESTS + stage] = opened;
  sram[SAVE.chests + stage] = opened;
};

const obey = (memory: SnesMemory, owner: Uint8Array): void => {
  const { wram } = memory;
  const argument = at(wram, ARGUMENT);
  switch (wram[COMMAND]) {
    case OPEN:
      openChest(memory, (argument & 0x1f) >> 3, 1 << (argument & 7));
      break;
    case DIE:
      die(wram);
      break;
    case WIPE:
      wipeSave(memory, owner);
      loadSave(memory, owner);
      break;
  }
  wram[COMMAND] = 0;
};

const changeMode = (wram: Uint8Array): void => {
  const mode = wram[MODE];
  if (mode === MODES.title ? get16(wram, FRAMES) < TITLE_FRAMES : mode !== MODES.dead) return;
  if (mode === MODES.dead && count16(wram, DEAD_COUNT) < DEAD_FRAMES) return;
  wram[HEALTH] = FULL_HEALTH;
  wram[MODE] = MODES.playing;
};

const die = (wram: Uint8Array): void => {
  wram[HEALTH] = 0;
  wram[MODE] = MODES.dead;
  put16(wram, DEAD_COUNT, 0);
  count16(wram, DEATHS);
};

/** Stays pending until the keeper is in the marsh. */
const dieIfAsked = (wram: Uint8Array): void => {
  if (wram[KILL] === 0 || wram[MODE] !== MODES.playing) return;
  wram[KILL] = 0;
  die(wram);
};

/** One item per frame, only while playing, only the next number, and only into a bag with room. */
const takeMail = (memory: SnesMemory): void => {
  const { wram, sram } = memory;
  const taken = get16(wram, TAKEN);
  if (wram[MAILBOX] !== 1 || wram[MODE] !== MODES.playing || taken >= BAG) return;
  wram[MAILBOX] = 0;
  const next = taken + 1;
  if (get16(wram, MAIL_NUMBER) !== next) {
    count16(wram, REFUSED);
    return;
  }
  const item = at(wram, MAIL_ITEM);
  put16(wram, LAST_FROM, get16(wram, MAIL_FROM));
  put16(wram, LAST_ITEM, get16(wram, MAIL_ITEM));
  sram[SAVE.bag + taken] = item;
  put16(wram, TAKEN, next);
  put16(sram, SAVE.taken, next);
  const owned = (at(wram, ITEMS + item) + 1) & 0xff;
  wram[ITEMS + item] = owned;
  sram[SAVE.items + item] = owned;
  lightIfEnough(memory);
};

/** The first closed chest of the first stage that can be reached: stage n needs item n. */
const walkOn = (memory: SnesMemory): void => {
  const { wram } = memory;
  const pace = get16(wram, AUTO);
  if (wram[MODE] !== MODES.playing || pace === 0 || count16(wram, AUTO_COUNT) < pace) return;
  put16(wram, AUTO_COUNT, 0);
  for (let stage = 0; stage < STAGES; stage++) {
    const opened = at(wram, CHESTS + stage);
    if (opened === FULL || (stage > 0 && wram[ITEMS + stage] === 0)) continue;
    openChest(memory, stage, (opened + 1) & ~opened & 0xff);
    return;
  }
};

/** The program on a cartridge of Marshlight; nothing for any other. */
export const marshlightProgram = ({ rom, header }: Cartridge): Program | undefined => {
  if (!header) return undefined;
  const ident = header.offset - IDENT_BEFORE_HEADER;
  const word = new TextDecoder('latin1').decode(rom.subarray(ident, ident + IDENT_WORD.length));
  return word === IDENT_WORD ? new MarshlightProgram(ident) : undefined;
};
