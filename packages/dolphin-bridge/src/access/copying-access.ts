import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess } from './arena-access.js';

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

/** Enough of low memory to know that it is still a game's: the boot code. */
const BOOT_CODE_AT = 0x20n;

const gone = (): CausewayError =>
  new CausewayError('device_lost', 'The game’s memory is gone.', { fix: 'Start the game in Dolphin again.' });

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
  #process: ForeignProcess | undefined;

  /** @param process closed by this */
  constructor(way: string, process: ForeignProcess, arena: ForeignArena) {
    this.way = way;
    this.#process = process;
    this.#arena = arena;
    this.size = arena.size;
    this.lockedCacheAt = arena.lockedCacheAt;
  }

  read(offset: number, target: Uint8Array): void {
    const { process, base } = this.#locate(offset, target.length);
    if (!process.read(base, target)) throw gone();
  }

  write(offset: number, data: Uint8Array): void {
    const { process, base } = this.#locate(offset, data.length);
    if (!process.write(base, data)) throw gone();
  }

  /** After the game nothing is mapped there any more, or something else is. */
  alive(): boolean {
    const [mem1] = this.#arena.parts;
    const code = new Uint8Array(4);
    return mem1 !== undefined && this.#process?.read(mem1.base + BOOT_CODE_AT, code) === true && code.some(Boolean);
  }

  close(): void {
    this.#process?.close();
    this.#process = undefined;
  }

  #locate(offset: number, size: number): { readonly process: ForeignProcess; readonly base: bigint } {
    if (!this.#process) throw gone();
    const part = this.#arena.parts.find(({ at, size: length }) => offset >= at && offset + size <= at + length);
    if (part) return { process: this.#process, base: part.base + BigInt(offset - part.at) };
    throw new CausewayError('address_unmapped', `Nothing of Dolphin’s memory is known at arena offset ${offset}.`);
  }
}
