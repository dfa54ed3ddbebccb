import { CausewayError } from '@causeway/protocol/errors';
import type { Random } from '../../clock.js';
import type { Region, Step } from '../../device/contract.js';
import type { Model } from './delivery-model.js';
import {
  BLOCK,
  CELLS,
  CHESTS,
  FLAGS,
  GOAL,
  INVENTORY,
  LOG,
  MAILBOX,
  MODE,
  PROGRESS,
  RAM_SIZE,
  SAVE_MAGIC,
  SLOTS,
  TAKEN,
  USED,
  WRAM_SIZE,
} from './memory-map.js';

/** A cartridge: a ROM of one slot, its battery RAM, and the file the emulator keeps that in. */
export interface Cartridge {
  readonly slot: string;
  readonly rom: Uint8Array;
  battery: Uint8Array;
  file: Uint8Array;
}

interface SaveState {
  readonly slot: string;
  readonly ram: Uint8Array;
  readonly battery: Uint8Array;
  readonly boot: number;
}

/** What the game ever did, on any timeline: what may be reported. */
export interface History {
  readonly opened: Set<number>;
  goal: boolean;
}

export const insertCartridge = (slot: string): Cartridge => ({
  slot,
  rom: Uint8Array.from(Buffer.from(slot.padEnd(8, '\0'))),
  battery: new Uint8Array(WRAM_SIZE),
  file: new Uint8Array(WRAM_SIZE),
});

const BOOT_FRAMES = 3;

/** A console that plays a scripted game: opens chests, takes items by its delivery model, saves, reaches a goal. */
export class SimulatedConsole {
  readonly #model: Model;
  readonly #random: Random;
  /** Frames between saves; 1 is a game that lives in battery RAM. */
  readonly #saveEvery: number;
  readonly #histories = new Map<string, History>();
  readonly #ram = new Uint8Array(RAM_SIZE);
  #cartridge: Cartridge;
  #state: SaveState | undefined;
  #boot = BOOT_FRAMES;
  /** The player's own memory while another's stands in its place. */
  #own: SaveState | undefined;
  frame = 0;

  constructor(model: Model, cartridge: Cartridge, random: Random, saveEvery: number) {
    this.#model = model;
    this.#cartridge = cartridge;
    this.#random = random;
    this.#saveEvery = saveEvery;
    this.powerCycle();
  }

  get cartridge(): Cartridge {
    return this.#cartridge;
  }

  get playing(): boolean {
    return this.#ram[MODE.at] === MODE.playing;
  }

  history(slot: string): History {
    const known = this.#histories.get(slot) ?? { opened: new Set<number>(), goal: false };
    this.#histories.set(slot, known);
    return known;
  }

  /** Codes of the entries the game has taken on the timeline it is on. */
  get taken(): readonly number[] {
    return [...this.#ram.subarray(TAKEN.at + 1, TAKEN.at + 1 + (this.#ram[TAKEN.at] ?? 0))];
  }

  get counter(): number {
    return this.#word(CELLS.counter.offset);
  }

  get opened(): readonly number[] {
    return Array.from({ length: CHESTS }, (_, chest) => chest).filter((chest) => this.#flag(chest));
  }

  get goal(): boolean {
    return this.#ram[GOAL.offset] === 1;
  }

  /** How many of each kind the player has or has used. */
  get owned(): Uint8Array {
    const { offset, size } = INVENTORY;
    return Uint8Array.from(
      { length: size },
      (_, kind) => (this.#ram[offset + kind] ?? 0) + (this.#ram[USED + kind] ?? 0),
    );
  }

  softReset(): void {
    this.#ram[MODE.at] = MODE.booting;
    this.#boot = BOOT_FRAMES;
  }

  /** Work memory comes up with anything in it. */
  powerCycle(): void {
    this.#ram.fill(0xaa);
    this.#boot = BOOT_FRAMES;
  }

  /** The emulator writes battery RAM to its file. */
  flush(): void {
    this.#cartridge.file = this.#cartridge.battery.slice();
  }

  /** The emulator dies and is started again: battery RAM is what the file holds. */
  restart(flushed: boolean): void {
    if (flushed) this.flush();
    this.#cartridge.battery = this.#cartridge.file.slice();
    this.powerCycle();
  }

  swap(cartridge: Cartridge): void {
    this.flush();
    this.#cartridge = cartridge;
    this.restart(false);
  }

  saveState(): void {
    const { slot, battery } = this.#cartridge;
    this.#state = { slot, ram: this.#ram.slice(), battery: battery.slice(), boot: this.#boot };
  }

  loadState(): void {
    if (this.#state?.slot !== this.#cartridge.slot) return;
    this.#ram.set(this.#state.ram);
    this.#cartridge.battery = this.#state.battery.slice();
    this.#boot = this.#state.boot;
  }

  /** Whether memory is what the player did. */
  get genuine(): boolean {
    return this.#own === undefined;
  }

  /** Puts something else into the game's memory: nobody plays it, and nothing of it was ever done. */
  intrude(fill: (ram: Uint8Array) => void): void {
    const { slot, battery } = this.#cartridge;
    this.#own ??= { slot, ram: this.#ram.slice(), battery: battery.slice(), boot: this.#boot };
    fill(this.#ram);
  }

  /** The player's own memory is back. */
  recover(): void {
    if (this.#own === undefined) return;
    this.#ram.set(this.#own.ram);
    this.#cartridge.battery = this.#own.battery;
    this.#boot = this.#own.boot;
    this.#own = undefined;
  }

  advance(): void {
    this.frame++;
    if (!this.genuine) return;
    if (this.#boot > 0) {
      this.#boot--;
      if (this.#boot === 0) this.#loadGame();
      return;
    }
    if (!this.playing) return;
    // A busy game does not look at its mailbox every frame.
    if (this.#random() < 0.7) this.#takeItem();
    if (this.frame % 5 === 0) this.#openChest();
    if (this.#model === 'direct effects' && this.#random() < 0.1) this.#useItem();
    if (this.frame % this.#saveEvery === 0) this.#save();
    if (this.frame % 40 === 0) this.flush();
  }

  read(region: Region): Uint8Array {
    const memory = this.#domain(region.domain);
    if (region.offset + region.size > memory.length) throw outOfRange(region);
    return memory.slice(region.offset, region.offset + region.size);
  }

  write(step: Step & { kind: 'write' }): void {
    const memory = this.#domain(step.at.domain);
    if (step.at.offset + step.data.length > memory.length) throw outOfRange(step.at);
    memory.set(step.data, step.at.offset);
  }

  holds({ at, expect }: Step & { kind: 'guard' }): boolean {
    const memory = this.#domain(at.domain);
    if (at.offset + expect.length > memory.length) throw outOfRange(at);
    return expect.every((byte, index) => byte === memory[at.offset + index]);
  }

  #domain(name: string): Uint8Array {
    if (name === 'RAM') return this.#ram;
    if (name === 'WRAM') return this.#cartridge.battery;
    if (name === 'ROM') return this.#cartridge.rom;
    throw new CausewayError('domain_unknown', `There is no ${name}.`);
  }

  #word(offset: number): number {
    return (this.#ram[offset] ?? 0) + 256 * (this.#ram[offset + 1] ?? 0);
  }

  #setWord(offset: number, value: number): void {
    this.#ram[offset] = value & 0xff;
    this.#ram[offset + 1] = value >> 8;
  }

  #flag(chest: number): boolean {
    return (((this.#ram[FLAGS.offset + (chest >> 3)] ?? 0) >> (chest & 7)) & 1) === 1;
  }

  #loadGame(): void {
    const saved = this.#cartridge.battery[0] === SAVE_MAGIC;
    this.#ram.fill(0);
    if (saved) this.#ram.set(this.#cartridge.battery.subarray(1), BLOCK.at);
    this.#ram[MODE.at] = MODE.playing;
  }

  #save(): void {
    this.#cartridge.battery[0] = SAVE_MAGIC;
    this.#cartridge.battery.set(this.#ram.subarray(BLOCK.at, BLOCK.at + BLOCK.size), 1);
  }

  #openChest(): void {
    const chest = this.#ram[PROGRESS] ?? 0;
    const history = this.history(this.#cartridge.slot);
    if (chest >= CHESTS) {
      this.#ram[GOAL.offset] = 1;
      history.goal = true;
      return;
    }
    const at = FLAGS.offset + (chest >> 3);
    this.#ram[at] = (this.#ram[at] ?? 0) | (1 << (chest & 7));
    this.#ram[PROGRESS] = chest + 1;
    history.opened.add(chest);
  }

  #useItem(): void {
    const kind = Math.floor(this.#random() * INVENTORY.size);
    const at = INVENTORY.offset + kind;
    if ((this.#ram[at] ?? 0) === 0) return;
    this.#ram[at] = (this.#ram[at] ?? 0) - 1;
    this.#ram[USED + kind] = (this.#ram[USED + kind] ?? 0) + 1;
  }

  #remember(code: number): void {
    const count = this.#ram[TAKEN.at] ?? 0;
    if (count >= TAKEN.capacity) return;
    this.#ram[TAKEN.at + 1 + count] = code;
    this.#ram[TAKEN.at] = count + 1;
  }

  /** The game's half of each model, in one frame. */
  #takeItem(): void {
    if (this.#model.includes('mailbox')) {
      this.#takeMail(this.#model !== 'mailbox advanced by the client', this.#model.startsWith('numbered'));
    } else if (this.#model === 'append-only log') this.#takeFromLog();
    else if (this.#model === 'slot array') this.#takeFromSlots();
  }

  #takeMail(counts: boolean, numbered: boolean): void {
    const code = this.#ram[MAILBOX.offset] ?? 0;
    const number = this.#ram[MAILBOX.offset + 1] ?? 0;
    if (code === 0) return;
    this.#ram.fill(0, MAILBOX.offset, MAILBOX.offset + MAILBOX.size);
    if (numbered && number !== ((this.counter + 1) & 0xff)) return;
    this.#remember(code);
    if (counts) this.#setWord(CELLS.counter.offset, this.counter + 1);
  }

  #takeFromLog(): void {
    if (this.counter >= this.#word(CELLS.written.offset)) return;
    this.#remember(this.#ram[LOG.offset + (this.counter % LOG.capacity)] ?? 0);
    this.#setWord(CELLS.counter.offset, this.counter + 1);
  }

  #takeFromSlots(): void {
    const slot = Math.floor(this.#random() * SLOTS.count);
    const code = this.#ram[SLOTS.offset + slot] ?? 0;
    if (code === 0) return;
    this.#ram[SLOTS.offset + slot] = 0;
    this.#remember(code);
  }
}

const outOfRange = ({ domain, offset }: { domain: string; offset: number }): CausewayError =>
  new CausewayError('address_out_of_range', `${domain} ${offset} is outside.`);
