import { closeSync, fstatSync } from 'node:fs';
import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess, ArenaEnding } from './arena-access.js';
import { type OpenableArena, openObject } from './descriptor-access.js';
import type { ForeignMemory, MappedMemory } from './foreign-memory.js';

/** Up to here a loop is quicker than making an array over the place. */
const SMALL_READ = 32;
/** Longest write that goes word by word: beyond it nobody expects more than bytes. */
const WORDWISE_SIZE = 256;

/**
 * Dolphin's shared memory object mapped into our own memory: reading costs nanoseconds, and an aligned word is written in one
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
  #bytes: Uint8Array;
  #words: Int32Array;
  #halves: Int16Array;

  /** Throws `device_forbidden`, `device_lost`, or what {@link ForeignMemory.map} throws. */
  constructor(arena: OpenableArena, memory: ForeignMemory) {
    const { size, alive, ending } = arena;
    this.#arena = arena;
    this.size = size;
    this.alive = alive;
    this.ending = ending;
    this.#mapped = mapArena(arena, memory);
    const { buffer } = this.#mapped;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer, 0, size >>> 2);
    this.#halves = new Int16Array(buffer, 0, size >>> 1);
  }

  get lockedCacheAt(): number | undefined {
    return this.#arena.lockedCacheAt;
  }

  read(offset: number, target: Uint8Array): void {
    const bytes = this.#open(offset, target.length);
    const { length } = target;
    if (length > SMALL_READ) target.set(bytes.subarray(offset, offset + length));
    else for (let index = 0; index < length; index++) target[index] = bytes[offset + index] ?? 0;
  }

  /** Word by word where they are aligned: the game never sees half of one. */
  write(offset: number, data: Uint8Array): void {
    const bytes = this.#open(offset, data.length);
    if (data.length > WORDWISE_SIZE) {
      bytes.set(data, offset);
      return;
    }
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    for (let done = 0; done < data.length; ) done += this.#writePiece(offset + done, view, done);
  }

  close(): void {
    this.#bytes = new Uint8Array(0);
    this.#words = new Int32Array(0);
    this.#halves = new Int16Array(0);
    this.#mapped?.release();
    this.#mapped = undefined;
  }

  /** Stores the longest aligned piece that begins here, with one store; returns its length. */
  #writePiece(at: number, data: DataView, from: number): number {
    const left = data.byteLength - from;
    if (at % 4 === 0 && left >= 4) {
      this.#words[at >>> 2] = data.getInt32(from, LITTLE_ENDIAN);
      return 4;
    }
    if (at % 2 === 0 && left >= 2) {
      this.#halves[at >>> 1] = data.getInt16(from, LITTLE_ENDIAN);
      return 2;
    }
    this.#bytes[at] = data.getUint8(from);
    return 1;
  }

  #open(offset: number, size: number): Uint8Array {
    // A write past the end of a typed array is silently nothing.
    if (this.#mapped && offset >= 0 && offset + size <= this.#bytes.length) return this.#bytes;
    throw new CausewayError('device_lost', 'The game’s memory is gone.', { fix: 'Start the game in Dolphin again.' });
  }
}

/** Bytes keep their order on the way: the machines we map on store words this way round. */
const LITTLE_ENDIAN = true;

const mapArena = (arena: OpenableArena, memory: ForeignMemory): MappedMemory => {
  const fd = openObject(arena);
  try {
    // Touching a page behind the end of the file kills the process.
    if (fstatSync(fd).size < arena.size) throw new CausewayError('device_lost', 'The game’s memory is gone.');
    return memory.map(fd, arena.size);
  } finally {
    closeSync(fd);
  }
};
