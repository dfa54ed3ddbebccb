const FIRST_CAPACITY = 1024;

/** Bytes that came and were not taken yet. Appending costs the same however the stream is cut. */
export class ByteQueue {
  #buffer = new Uint8Array(0);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  append(chunk: Uint8Array): void {
    this.#makeRoom(chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  at(index: number): number | undefined {
    return index < this.length ? this.#buffer[this.#start + index] : undefined;
  }

  /** Position of the first such byte at or after `from`, or -1. */
  indexOf(byte: number, from = 0): number {
    const found = this.#buffer.subarray(0, this.#end).indexOf(byte, this.#start + from);
    return found === -1 ? -1 : found - this.#start;
  }

  /** Removes the first `size` bytes and returns a copy of them. */
  take(size: number): Uint8Array {
    const taken = this.#buffer.slice(this.#start, this.#start + size);
    this.#start += size;
    return taken;
  }

  clear(): void {
    this.#buffer = new Uint8Array(0);
    this.#start = 0;
    this.#end = 0;
  }

  #makeRoom(size: number): void {
    if (this.#end + size <= this.#buffer.length) return;
    const needed = this.length + size;
    // At most half full when compacted: each byte is moved a bounded number of times.
    const fits = needed * 2 <= this.#buffer.length;
    const target = fits ? this.#buffer : new Uint8Array(Math.max(FIRST_CAPACITY, needed * 2));
    target.set(this.#buffer.subarray(this.#start, this.#end));
    this.#end -= this.#start;
    this.#start = 0;
    this.#buffer = target;
  }
}
