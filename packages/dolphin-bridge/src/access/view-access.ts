import { closeSync, fstatSync } from 'node:fs';
import type { ArenaAccess, ArenaEnding } from './arena-access.js';
import { type OpenableArena, openObject } from './descriptor-access.js';
import type { ForeignMemory, MappedMemory } from './foreign-memory.js';
import { MappedBytes } from './mapped-bytes.js';
import { memoryGone } from './memory-gone.js';

/**
 * Dolphin's shared memory object mapped into our own memory: reading costs nanoseconds, and an aligned word is read and written in one
 * piece. The buffer over it never leaves this class.
 */
export class ViewAccess implements ArenaAccess {
  readonly way = 'view';
  readonly size: number;
  readonly wholeWords = true;
  readonly alive: () => boolean;
  readonly ending: () => ArenaEnding;
  readonly #arena: OpenableArena;
  #mapped: MappedMemory | undefined;
  #bytes: MappedBytes | undefined;

  /** Throws `device_forbidden`, `device_lost`, or what {@link ForeignMemory.map} throws. */
  constructor(arena: OpenableArena, memory: ForeignMemory) {
    const { size, alive, ending } = arena;
    this.#arena = arena;
    this.size = size;
    this.alive = alive;
    this.ending = ending;
    this.#mapped = mapArena(arena, memory);
    this.#bytes = new MappedBytes(this.#mapped.buffer);
  }

  get lockedCacheAt(): number | undefined {
    return this.#arena.lockedCacheAt;
  }

  read(offset: number, target: Uint8Array): void {
    if (!this.#bytes) throw memoryGone();
    this.#bytes.read(offset, target);
  }

  write(offset: number, data: Uint8Array): void {
    if (!this.#bytes) throw memoryGone();
    this.#bytes.write(offset, data);
  }

  close(): void {
    this.#bytes = undefined;
    this.#mapped?.release();
    this.#mapped = undefined;
  }
}

const mapArena = (arena: OpenableArena, memory: ForeignMemory): MappedMemory => {
  const fd = openObject(arena);
  try {
    // Touching a page behind the end of the file kills the process.
    if (fstatSync(fd).size < arena.size) throw memoryGone();
    return memory.map(fd, arena.size);
  } finally {
    closeSync(fd);
  }
};
