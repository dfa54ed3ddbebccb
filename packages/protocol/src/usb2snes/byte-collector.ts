/** Gathers a known number of bytes out of messages of any size: messages mean nothing here, only bytes count. */
export class ByteCollector {
  readonly size: number;
  #bytes: Uint8Array | undefined;
  #filled = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** Bytes that have not come yet. */
  get missing(): number {
    return this.size - this.#filled;
  }

  get complete(): boolean {
    return this.#filled === this.size;
  }

  /** Everything gathered, zeros where nothing came yet. */
  get bytes(): Uint8Array {
    this.#bytes ??= new Uint8Array(this.size);
    return this.#bytes;
  }

  /** Takes what it needs from the start of `chunk` and says how many bytes that were. */
  take(chunk: Uint8Array): number {
    const taken = Math.min(chunk.length, this.missing);
    this.bytes.set(chunk.subarray(0, taken), this.#filled);
    this.#filled += taken;
    return taken;
  }

  /** As {@link take} for bytes nobody wants any more: counts them and keeps none. */
  skip(chunk: Uint8Array): number {
    const taken = Math.min(chunk.length, this.missing);
    this.#filled += taken;
    return taken;
  }
}
