import { CausewayError } from '@causeway/protocol/errors';
import type { CloseInfo, Region, RomIdentity } from '../../device/contract.js';
import { createLinkedDevice } from '../../device/linked-device.js';
import type { MemoryLink, MemoryRead, MemoryWrite } from '../../device/memory-link.js';
import { between } from '../../testing/seeded-random.js';
import type { Connect, Served } from './connection.js';
import { type Machine, simulatedInfo, simulatedRom } from './simulated-device.js';

/** Bytes that reach memory in one piece. */
const WORD = 4;
/** How often the game gets to run between two words and between two exchanges, and a fault that waits for a write strikes. */
const CHANCE = { word: 0.03, exchange: 0.3, strike: 0.5 } as const;

/**
 * Another process's memory: reached at once, while the game runs on between any two words, and between what the bridge has
 * read and what it then writes. Memory of a game that was stopped still takes writes; nobody ever sees them.
 */
class SharedMemory implements MemoryLink, Served {
  readonly lost: Promise<CloseInfo>;
  readonly unanswered = 0;
  readonly #machine: Machine;
  #end: (info: CloseInfo) => void = () => {};
  #gone = false;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.lost = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get status(): 'running' | 'closed' {
    return this.#gone ? 'closed' : 'running';
  }

  async read(regions: readonly Region[]): Promise<MemoryRead> {
    this.#checkAlive();
    this.#gameRuns(CHANCE.exchange);
    const bytes = regions.map((region) => this.#copy(region));
    this.#gameRuns(CHANCE.exchange);
    return { bytes, oneFrame: false };
  }

  async write(writes: readonly MemoryWrite[]): Promise<void> {
    this.#checkAlive();
    this.#gameRuns(CHANCE.exchange);
    const fault = this.#machine.takeFault(({ kind }) => kind === 'request lost' || kind === 'answer lost');
    if (fault?.kind === 'request lost') this.cut();
    for (const write of writes) this.#put(write);
    if (fault) this.cut();
    if (fault?.kind === 'answer lost') this.#checkAlive();
  }

  async rom(): Promise<RomIdentity> {
    this.#checkAlive();
    return simulatedRom(this.#machine.console);
  }

  async close(): Promise<void> {
    this.#gone = true;
  }

  /** Nothing comes over a link here. */
  serve(): void {}

  /** The memory stands there as it does when nothing happens to it. */
  setPaused(): void {}

  cut(): void {
    this.#gone = true;
  }

  #checkAlive(): void {
    if (!this.#gone) return;
    const error = new CausewayError('device_lost', 'The game was stopped.');
    this.#end({ reason: 'lost', error });
    throw error;
  }

  #copy({ domain, offset, size }: Region): Uint8Array {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += WORD) {
      this.#gameRuns(CHANCE.word);
      const word = this.#machine.console.read({ domain, offset: offset + at, size: Math.min(WORD, size - at) });
      bytes.set(word, at);
    }
    return bytes;
  }

  #put({ at: { domain, offset }, data }: MemoryWrite): void {
    for (let at = 0; at < data.length; at += WORD) {
      if (at > 0) this.#gameRuns(CHANCE.word);
      // Not always before the first of several: what happens between two of them is worse.
      if (this.#machine.random() < CHANCE.strike) this.#machine.aboutToWrite();
      if (this.#gone) continue;
      const word = data.subarray(at, at + WORD);
      this.#machine.console.write({ kind: 'write', at: { domain, offset: offset + at }, data: word });
    }
  }

  #gameRuns(chance: number): void {
    const { console, random } = this.#machine;
    if (random() >= chance) return;
    for (let frames = between(random, 1, 2); frames > 0 && !this.#gone; frames--) console.advance();
  }
}

export const connectSharedMemory: Connect = (machine, clock, { onStatus }, attach) => {
  const link = new SharedMemory(machine);
  attach(link);
  return createLinkedDevice({ info: simulatedInfo(machine.console, []), link, clock, onStatus });
};
