import { deserialize, serialize } from 'node:v8';
import { CausewayError } from '@causeway/protocol/errors';
import { createJsnes } from './jsnes-core.js';
import { BUTTONS, type Button, type Machine, type MemoryDomain, type Picture, type Stops } from './machine.js';
import { nesDomains } from './nes-domains.js';
import { type NesRom, parseNesRom } from './nes-rom.js';

const WRAM = { start: 0x6000, end: 0x8000 };
const WIDTH = 256;
const HEIGHT = 240;
const NO_STOPS: Stops = new Set<number>();

interface NesState {
  readonly format: 'causeway-nes-1';
  readonly romHash: string;
  readonly core: unknown;
}

const isNesState = (value: unknown): value is NesState =>
  typeof value === 'object' && value !== null && (value as NesState).format === 'causeway-nes-1';

/** A NES (NTSC) on jsnes, without screen and sound. */
export class NesMachine implements Machine {
  readonly system = 'NES';
  readonly core = 'jsnes';
  readonly currentDomain = 'System Bus';
  readonly rom: NesRom;
  readonly domains: readonly MemoryDomain[];
  readonly #nes = createJsnes();
  /** Whether the last `advance` stopped inside a frame. */
  #inFrame = false;

  /** @throws `file_unreadable` for an image that is no iNES ROM, or one with a mapper jsnes does not have */
  constructor(image: Uint8Array, name: string) {
    this.rom = parseNesRom(image, name);
    try {
      this.#powerOn();
    } catch (cause) {
      throw new CausewayError('file_unreadable', `${name} does not run here`, {
        cause,
        context: { mapper: this.rom.mapper },
      });
    }
    this.domains = nesDomains(this.#nes, this.rom);
  }

  get board(): string {
    return `MAPPER ${this.rom.mapper}`;
  }

  get jammed(): boolean {
    return this.#nes.crashed === true;
  }

  advance(stops: Stops = NO_STOPS): number | undefined {
    if (this.jammed) return undefined;
    try {
      return this.#run(stops);
    } catch {
      this.#nes.crashed = true;
      this.#inFrame = false;
      return undefined;
    }
  }

  softReset(): void {
    const { cpu, ppu, papu } = this.#nes;
    this.#nes.crashed = false;
    cpu.requestIrq(cpu.IRQ_RESET);
    // What the reset line does to the other chips: picture and interrupt off, write toggle cleared, sound silent.
    ppu.updateControlReg1(0);
    ppu.updateControlReg2(0);
    ppu.firstWrite = true;
    papu.writeReg(0x4015, 0);
  }

  powerCycle(): void {
    const battery = this.batteryRam();
    this.#powerOn();
    if (battery !== undefined) this.loadBatteryRam(battery);
  }

  saveState(): Uint8Array {
    return serialize({ format: 'causeway-nes-1', romHash: this.rom.hash, core: this.#nes.toJSON() } satisfies NesState);
  }

  loadState(state: Uint8Array): void {
    let parsed: unknown;
    try {
      parsed = deserialize(state);
    } catch (cause) {
      throw new CausewayError('file_unreadable', 'these bytes are no save state', { cause });
    }
    if (!isNesState(parsed)) throw new CausewayError('file_unreadable', 'these bytes are no save state of a NES');
    if (parsed.romHash !== this.rom.hash) {
      throw new CausewayError('file_unreadable', 'this save state is of another game', {
        context: { expected: this.rom.hash, actual: parsed.romHash },
      });
    }
    this.#nes.fromJSON(parsed.core);
    this.#inFrame = false;
    this.#setUpCore();
  }

  setButton(controller: 1 | 2, button: Button, down: boolean): void {
    const number = BUTTONS.indexOf(button);
    if (down) this.#nes.buttonDown(controller, number);
    else this.#nes.buttonUp(controller, number);
  }

  picture(): Picture {
    const rgba = new Uint8Array(WIDTH * HEIGHT * 4);
    const pixels = new DataView(rgba.buffer);
    // jsnes packs a pixel as 0xBBGGRR, which in little-endian order is R, G, B and an unused byte.
    this.#nes.ppu.buffer.forEach((pixel, index) => {
      pixels.setUint32(index * 4, (pixel | 0xff000000) >>> 0, true);
    });
    return { width: WIDTH, height: HEIGHT, rgba };
  }

  batteryRam(): Uint8Array | undefined {
    return this.rom.battery ? this.#nes.cpu.mem.slice(WRAM.start, WRAM.end) : undefined;
  }

  loadBatteryRam(content: Uint8Array): void {
    if (!this.rom.battery) return;
    const size = WRAM.end - WRAM.start;
    const wram = this.#nes.cpu.mem.subarray(WRAM.start, WRAM.end);
    wram.fill(0);
    wram.set(content.subarray(0, size));
  }

  registers(): ReadonlyMap<string, number> {
    const { cpu } = this.#nes;
    return new Map([
      ['PC', cpu.REG_PC],
      ['A', cpu.REG_ACC],
      ['X', cpu.REG_X],
      ['Y', cpu.REG_Y],
      ['S', cpu.REG_SP],
      ['P', cpu.getStatus()],
    ]);
  }

  /** jsnes' own frame loop, able to stop before an instruction. */
  #run(stops: Stops): number | undefined {
    const nes = this.#nes;
    if (!this.#inFrame) {
      if (stops.size === 0) {
        nes.frame();
        return undefined;
      }
      nes.controllers[1].clock();
      nes.controllers[2].clock();
      nes.ppu.startFrame();
    } else {
      nes.cpu.emulate();
    }
    this.#inFrame = true;
    while (!nes.ppu.frameEnded) {
      if (stops.has(nes.cpu.REG_PC)) return nes.cpu.REG_PC;
      nes.cpu.emulate();
    }
    nes.ppu.frameEnded = false;
    this.#inFrame = false;
    return undefined;
  }

  #powerOn(): void {
    // jsnes empties all memory here, what the battery holds included.
    this.#nes.loadROM(this.rom.image);
    this.#inFrame = false;
    this.#setUpCore();
  }

  /** What a reset or a loaded state sets back: the whole picture is wanted, and reading the program directly is faster. */
  #setUpCore(): void {
    this.#nes.ppu.clipToTvSize = false;
    this.#nes.cpu._updatePrgReadPath();
  }
}
