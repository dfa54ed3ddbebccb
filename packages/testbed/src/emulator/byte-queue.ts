const NEWLINE = 0x0a;

/** Bytes in order, taken from the front. */
export class ByteQueue {
  #chunks: Uint8Array[] = [];
  #size = 0;
  /** Bytes from the front in which no newline is. */
  #searched = 0;

  get size(): number {
    return this.#size;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  /** Takes the first `size` bytes; there must be as many. */
  take(size: number): Uint8Array {
    const all = this.#flat();
    this.#chunks = size < all.length ? [all.subarray(size)] : [];
    this.#size -= size;
    this.#searched = 0;
    return all.subarray(0, size);
  }

  /** Takes a line up to its newline, which is dropped; `undefined` while there is none. */
  takeLine(): Uint8Array | undefined {
    if (this.#searched === this.#size) return undefined;
    const all = this.#flat();
    const end = all.indexOf(NEWLINE, this.#searched);
    if (end < 0) {
      this.#searched = all.length;
      return undefined;
    }
    return this.take(end + 1).subarray(0, end);
  }

  #flat(): Uint8Array {
    const [first] = this.#chunks;
    if (first !== undefined && this.#chunks.length === 1) return first;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
