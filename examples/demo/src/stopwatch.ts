import type { Emulator } from '@causeway/testbed/emulator';
import { LOCATIONS, WRAM } from '@causeway/testbed/game';

const isSet = (flags: readonly number[], flag: number): boolean => (((flags[flag >> 3] ?? 0) >> (flag & 7)) & 1) === 1;

/**
 * Measures, in emulated frames, how long a check takes from the frame in which the game sets its flag to its arrival at
 * the server. Looks into the machine itself, so that nothing that is measured takes part in measuring.
 */
export class Stopwatch implements Disposable {
  readonly #emulator: Emulator;
  readonly #setIn = new Map<number, number>();
  readonly #frames: number[] = [];
  readonly #unhook: () => void;

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
    this.#unhook = emulator.onFrame((frame) => this.#look(frame));
  }

  #look(frame: number): void {
    const { domain, offset, size } = WRAM.chestFlags;
    const memory = this.#emulator.machine.domains.find(({ name }) => name === domain);
    if (!memory) return;
    const flags = Array.from({ length: size }, (_, index) => memory.peek(offset + index));
    for (const { id, flag } of LOCATIONS) {
      if (isSet(flags, flag) && !this.#setIn.has(id)) this.#setIn.set(id, frame);
    }
  }

  /** A check has reached the server, now. */
  arrived(location: number): void {
    const since = this.#setIn.get(location);
    if (since !== undefined) this.#frames.push(this.#emulator.frame - since);
  }

  /** Frames per check so far, shortest first. */
  get frames(): readonly number[] {
    return this.#frames.toSorted((a, b) => a - b);
  }

  [Symbol.dispose](): void {
    this.#unhook();
  }
}
