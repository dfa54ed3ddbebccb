import type { Device } from '@causeway/bridge/device';
import { seededRandom, VirtualClock } from '@causeway/bridge/testing';
import { putHeader } from '../../testing/put-header.js';
import { createRetroArchDriver } from '../retroarch-driver.js';
import { FakeRetroArch } from './fake-retroarch.js';

const FRAME_MS = 17;
const WRAM = 0x7e_0000;
const ROM_WINDOW = 0x80_8000;

/** A SNES in RetroArch whose work RAM can be made to change with every frame, in virtual time. */
export class BadNetworkRig {
  readonly clock = new VirtualClock();
  readonly wram = new Uint8Array(0x2_0000);
  readonly rom = new Uint8Array(0x8000);
  readonly random: () => number;
  readonly emulator: FakeRetroArch;
  /** Frames emulated. */
  frame = 0;
  /** Called after every poll: the game runs. */
  onFrame: () => void = () => {};
  running = true;
  /** What RetroArch says to a write in place of carrying it out. */
  answerToWrites: number | string | undefined;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    putHeader(this.rom, 0x7fb0);
    this.emulator = new FakeRetroArch({
      clock: this.clock,
      random: this.random,
      memory: {
        read: (address, size) => this.#read(address, size),
        write: (address, data) => this.#write(address, data),
      },
    });
  }

  async open(): Promise<Device> {
    const driver = createRetroArchDriver({ clock: this.clock, socketFactory: this.emulator.createSocket });
    return this.finish(driver.open('retroarch://127.0.0.1:55355'));
  }

  /** Lets time pass until `work` is settled. */
  async finish<T>(work: Promise<T>, patienceMs = 60_000): Promise<T> {
    let settled = false;
    const note = (): void => {
      settled = true;
    };
    work.then(note, note);
    for (let ms = 0; ms < patienceMs && !settled; ms++) await this.pass(1);
    if (!settled) throw new Error('It never ends.');
    return work;
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed++) {
      await new Promise((resolve) => setImmediate(resolve));
      this.clock.pass(1);
      if (!this.running || this.clock.now() % FRAME_MS !== 0) continue;
      this.emulator.poll();
      this.frame++;
      this.onFrame();
    }
  }

  #read(address: number, size: number): Uint8Array | undefined {
    if (address >= WRAM && address < WRAM + this.wram.length)
      return this.wram.slice(address - WRAM, address - WRAM + size);
    if (address >= ROM_WINDOW && address < ROM_WINDOW + 0x8000) {
      return this.rom.slice(address - ROM_WINDOW, address - ROM_WINDOW + size);
    }
    return undefined;
  }

  #write(address: number, data: Uint8Array): number | string {
    if (this.answerToWrites !== undefined) return this.answerToWrites;
    if (address < WRAM || address + data.length > WRAM + this.wram.length) return 'descriptor data is readonly';
    this.wram.set(data, address - WRAM);
    return data.length;
  }
}
