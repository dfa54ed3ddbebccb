import type { Region } from '@causeway/bridge/device';
import { createJsnes, type JsnesCore } from '../../emulator/jsnes-core.js';
import { INES_HEADER_SIZE, RAM, STATES } from '../memory-map.js';

/** Where a domain begins on the processor's bus. */
const BUS: Readonly<Record<string, number>> = { RAM: 0x0000, WRAM: 0x6000 };
const WRAM_SIZE = 0x2000;

/** Buttons as jsnes numbers them. */
export const BUTTON = { select: 2, start: 3, up: 4, down: 5, left: 6, right: 7 } as const;

/** The game in a NES, frame by frame and, where it matters, instruction by instruction. */
export class TestConsole {
  readonly #nes: JsnesCore = createJsnes();
  readonly #rom: Uint8Array;
  /** Frames since the last power-on. */
  frames = 0;

  constructor(rom: Uint8Array) {
    this.#rom = rom;
    this.#nes.loadROM(rom);
  }

  read({ domain, offset, size }: Region): Uint8Array {
    if (domain === 'PRG ROM') {
      return this.#rom.slice(INES_HEADER_SIZE + offset, INES_HEADER_SIZE + offset + size);
    }
    const start = this.#bus(domain) + offset;
    return Uint8Array.from(this.#nes.cpu.mem.subarray(start, start + size));
  }

  byte(region: Region): number {
    return this.read({ ...region, size: 1 })[0] ?? 0;
  }

  write({ domain, offset }: { readonly domain: string; readonly offset: number }, data: Iterable<number>): void {
    this.#nes.cpu.mem.set([...data], this.#bus(domain) + offset);
  }

  run(frames: number): void {
    for (let i = 0; i < frames; i++) {
      this.#nes.frame();
      this.frames++;
    }
  }

  /** Runs until `done`, at most `limit` frames; throws when that is not enough. */
  runUntil(done: () => boolean, limit: number): void {
    for (let i = 0; i < limit; i++) {
      if (done()) return;
      this.run(1);
    }
    if (!done()) throw new Error(`Not so within ${limit} frames.`);
  }

  /** Leaves the title with START. */
  play(): void {
    this.runUntil(() => this.byte(RAM.state) === STATES.title, 10);
    this.press(BUTTON.start, 2);
    this.runUntil(() => this.byte(RAM.state) === STATES.playing, 10);
  }

  press(button: number, frames: number): void {
    this.#nes.buttonDown(1, button);
    this.run(frames);
    this.#nes.buttonUp(1, button);
  }

  softReset(): void {
    this.#nes.cpu.requestIrq(this.#nes.cpu.IRQ_RESET);
  }

  /**
   * Begins a frame, executes `instructions` of it and lets `fault` happen. Whatever is left of the frame then runs.
   * Tells whether the frame was that long.
   */
  interrupt(instructions: number, fault: () => void): boolean {
    const { cpu, ppu, controllers } = this.#nes;
    controllers[1].clock();
    controllers[2].clock();
    ppu.startFrame();
    for (let done = 0; done < instructions && !ppu.frameEnded; done++) cpu.emulate();
    const within = !ppu.frameEnded;
    fault();
    // Power off replaces processor and picture unit.
    if (this.#nes.cpu !== cpu) return within;
    while (!ppu.frameEnded) cpu.emulate();
    ppu.frameEnded = false;
    return within;
  }

  /** Off and on again: only battery memory stays. */
  powerCycle(battery: Uint8Array = this.battery()): void {
    const kept = Uint8Array.from(battery);
    this.#nes.loadROM(this.#rom);
    this.write({ domain: 'WRAM', offset: 0 }, kept);
    this.frames = 0;
  }

  battery(): Uint8Array {
    return this.read({ domain: 'WRAM', offset: 0, size: WRAM_SIZE });
  }

  /** All work memory, to compare two runs by. */
  memory(): Uint8Array {
    return this.read({ domain: 'RAM', offset: 0, size: 0x800 });
  }

  #bus(domain: string): number {
    const start = BUS[domain];
    if (start === undefined) throw new Error(`No domain ${domain}.`);
    return start;
  }
}
