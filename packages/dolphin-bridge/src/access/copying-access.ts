import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess } from './arena-access.js';
import { memoryGone } from './memory-gone.js';

/** A piece of the arena and where it lies in the other process. Offsets and sizes in bytes. */
export interface ForeignPart {
  readonly at: number;
  readonly base: bigint;
  readonly size: number;
}

export interface ForeignArena {
  readonly size: number;
  readonly lockedCacheAt: number;
  readonly parts: readonly ForeignPart[];
}

/** Another process whose memory its system lets us copy from and to. */
export interface ForeignProcess {
  /** Whether all of `target` was filled. */
  read(base: bigint, target: Uint8Array): boolean;
  /** Whether all of `data` was written. */
  write(base: bigint, data: Uint8Array): boolean;
  close(): void;
}

/** Low memory that a running game leaves as it is: boot code, version, size of memory. Titles from a Wii's NAND have the size only. */
const MARK = { at: 0x20n, size: 0xc };

/**
 * Dolphin's memory by copying from and to its process, piece by piece: where the arena can neither be opened nor mapped. A word may
 * be seen half written.
 */
export class CopyingAccess implements ArenaAccess {
  readonly way: string;
  readonly wholeWords = false;
  readonly size: number;
  readonly lockedCacheAt: number;
  readonly #arena: ForeignArena;
  readonly #mark: Uint8Array | undefined;
  #process: ForeignProcess | undefined;

  /** @param process closed by this */
  constructor(way: string, process: ForeignProcess, arena: ForeignArena) {
    this.way = way;
    this.#process = process;
    this.#arena = arena;
    this.size = arena.size;
    this.lockedCacheAt = arena.lockedCacheAt;
    this.#mark = this.#readMark();
  }

  read(offset: number, target: Uint8Array): void {
    const { process, base } = this.#locate(offset, target.length);
    if (!process.read(base, target)) throw memoryGone();
  }

  write(offset: number, data: Uint8Array): void {
    const { process, base } = this.#locate(offset, data.length);
    if (!process.write(base, data)) throw memoryGone();
  }

  /** After the game nothing is mapped there any more, or something else is. */
  alive(): boolean {
    const mark = this.#readMark();
    return mark !== undefined && this.#mark !== undefined && Buffer.compare(mark, this.#mark) === 0;
  }

  close(): void {
    this.#process?.close();
    this.#process = undefined;
  }

  #readMark(): Uint8Array | undefined {
    const [mem1] = this.#arena.parts;
    const mark = new Uint8Array(MARK.size);
    return mem1 && this.#process?.read(mem1.base + MARK.at, mark) ? mark : undefined;
  }

  #locate(offset: number, size: number): { readonly process: ForeignProcess; readonly base: bigint } {
    if (!this.#process) throw memoryGone();
    const part = this.#arena.parts.find(({ at, size: length }) => offset >= at && offset + size <= at + length);
    if (part) return { process: this.#process, base: part.base + BigInt(offset - part.at) };
    throw new CausewayError('address_unmapped', `Nothing of Dolphin’s memory is known at arena offset ${offset}.`);
  }
}
