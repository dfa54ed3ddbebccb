import { memoryGone } from './memory-gone.js';

/** Up to here it is quicker to take words apart than to make an array over the place. */
const SMALL_READ = 32;
/** Longest write that goes word by word: beyond it nobody expects more than bytes. */
const WORDWISE_SIZE = 256;
/** Bytes keep their order on the way: the machines we map on store words this way round. */
const LITTLE_ENDIAN = true;

/**
 * Memory of a running game that is mapped into ours. An aligned word is read and written by one instruction, so neither side ever sees
 * half of what the other wrote. Byte by byte it would.
 */
export class MappedBytes {
  readonly #bytes: Uint8Array;
  readonly #halves: Uint16Array;
  readonly #words: Uint32Array;

  /** @param buffer of any size; bytes behind the last whole word are left alone */
  constructor(buffer: ArrayBufferLike) {
    this.#words = new Uint32Array(buffer, 0, buffer.byteLength >>> 2);
    this.#halves = new Uint16Array(buffer, 0, this.#words.length * 2);
    this.#bytes = new Uint8Array(buffer, 0, this.#words.length * 4);
  }

  get size(): number {
    return this.#bytes.length;
  }

  /** Fills `target`. Throws `device_lost` for what lies outside. */
  read(offset: number, target: Uint8Array): void {
    this.#check(offset, target.length);
    if (target.length > SMALL_READ) target.set(this.#bytes.subarray(offset, offset + target.length));
    else this.#readWords(offset, target);
  }

  /** Writes `data`. Throws `device_lost` for what lies outside. */
  write(offset: number, data: Uint8Array): void {
    this.#check(offset, data.length);
    if (data.length > WORDWISE_SIZE) {
      this.#bytes.set(data, offset);
      return;
    }
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    for (let done = 0; done < data.length; ) done += this.#writePiece(offset + done, view, done);
  }

  /** One load for each word that is touched, whichever of its bytes are wanted. */
  #readWords(offset: number, target: Uint8Array): void {
    const words = this.#words;
    for (let done = 0; done < target.length; ) {
      const at = offset + done;
      const inWord = at & 3;
      let word = (words[at >>> 2] ?? 0) >>> (8 * inWord);
      for (const end = Math.min(target.length, done + 4 - inWord); done < end; done++) {
        target[done] = word;
        word >>>= 8;
      }
    }
  }

  /** Stores the longest aligned piece that begins here, with one store; returns its length. */
  #writePiece(at: number, data: DataView, from: number): number {
    const left = data.byteLength - from;
    if (at % 4 === 0 && left >= 4) {
      this.#words[at >>> 2] = data.getUint32(from, LITTLE_ENDIAN);
      return 4;
    }
    if (at % 2 === 0 && left >= 2) {
      this.#halves[at >>> 1] = data.getUint16(from, LITTLE_ENDIAN);
      return 2;
    }
    this.#bytes[at] = data.getUint8(from);
    return 1;
  }

  #check(offset: number, size: number): void {
    // A read or write past the end of a typed array is silently nothing.
    if (offset < 0 || offset + size > this.#bytes.length) throw memoryGone();
  }
}
