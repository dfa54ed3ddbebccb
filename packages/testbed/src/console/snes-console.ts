import { CausewayError } from '@causeway/protocol/errors';
import { marshlightProgram } from './marshlight-program.js';
import type { Program } from './program.js';
import { type Cartridge, powerOnMemory, type SnesMemory } from './snes-memory.js';

/** A state of the whole machine. */
export interface ConsoleState {
  readonly cartridge: Cartridge | undefined;
  readonly memory: SnesMemory;
  readonly frame: number;
  readonly booting: boolean;
}

const copyMemory = ({ rom, sram, wram }: SnesMemory): SnesMemory => ({
  rom: rom.slice(),
  sram: sram.slice(),
  wram: wram.slice(),
});

/**
 * A SNES with a scripted game in it. Marshlight runs as its program says; on any other cartridge nothing happens, and its
 * memory can be read and written all the same.
 *
 * Time passes by {@link poll} alone: what others ask is served before each frame, as emulators do it.
 */
export class SnesConsole {
  #cartridge: Cartridge | undefined;
  #memory: SnesMemory = { rom: new Uint8Array(0), sram: new Uint8Array(0), wram: new Uint8Array(0) };
  #program: Program | undefined;
  #frame = 0;
  #booting = false;
  #paused = false;
  readonly #waiting: { readonly run: () => void; readonly drop: () => void }[] = [];
  readonly #pollers = new Set<() => void>();
  readonly #watchers = new Set<(frame: number) => void>();

  constructor(cartridge?: Cartridge) {
    this.insert(cartridge);
  }

  /** What is in the slot; nothing when it is empty. */
  get cartridge(): Cartridge | undefined {
    return this.#cartridge;
  }

  get memory(): SnesMemory {
    return this.#memory;
  }

  /** Frames since power on; a loaded state brings its own count. */
  get frame(): number {
    return this.#frame;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Takes out the cartridge with its save RAM, puts in another, or none, and switches the power on. */
  insert(cartridge: Cartridge | undefined, battery?: Uint8Array): void {
    this.#cartridge = cartridge;
    this.#program = cartridge && marshlightProgram(cartridge);
    this.#powerOn(battery);
  }

  /** The reset button: memory stays as it is. */
  reset(): void {
    this.#booting = true;
  }

  /** Off and on: save RAM stays, or becomes `battery`. */
  powerCycle(battery: Uint8Array = this.#memory.sram): void {
    this.#powerOn(battery);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  saveState(): ConsoleState {
    const memory = copyMemory(this.#memory);
    return { cartridge: this.#cartridge, memory, frame: this.#frame, booting: this.#booting };
  }

  /** @throws `file_unreadable` for a state of another cartridge */
  loadState({ cartridge, memory, frame, booting }: ConsoleState): void {
    if (cartridge !== this.#cartridge) {
      throw new CausewayError('file_unreadable', 'The state belongs to another cartridge.');
    }
    this.#memory = copyMemory(memory);
    this.#frame = frame;
    this.#booting = booting;
  }

  /** Calls `poller` before every frame, and from time to time while paused. The returned function ends that. */
  onPoll(poller: () => void): () => void {
    this.#pollers.add(poller);
    return () => this.#pollers.delete(poller);
  }

  /** Calls `watcher` after every frame. The returned function ends that. */
  onFrame(watcher: (frame: number) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Does `work` before the next frame and settles as it does. What waits longest is done first. */
  atPoll<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = (): void => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      };
      const drop = (): void => reject(new CausewayError('emulator_failed', 'The emulator ended.'));
      this.#waiting.push({ run, drop });
    });
  }

  /** Nobody polls any more: what waits is rejected with `emulator_failed`. */
  dropWaiting(): void {
    for (const { drop } of this.#waiting.splice(0)) drop();
  }

  /** Serves what waits, then advances by a frame unless paused. */
  poll(): void {
    for (const { run } of this.#waiting.splice(0)) run();
    for (const poller of [...this.#pollers]) poller();
    if (!this.#paused) this.advance();
  }

  /** One frame, paused or not. */
  advance(): void {
    if (!this.#cartridge) return;
    this.#frame++;
    if (this.#booting) this.#program?.boot(this.#memory);
    else this.#program?.frame(this.#memory);
    this.#booting = false;
    for (const watcher of [...this.#watchers]) watcher(this.#frame);
  }

  #powerOn(battery: Uint8Array | undefined): void {
    const none = { name: '', rom: new Uint8Array(0), header: undefined };
    this.#memory = powerOnMemory(this.#cartridge ?? none, battery);
    this.#frame = 0;
    this.#booting = true;
    this.#paused = false;
  }
}
