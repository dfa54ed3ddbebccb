import { CausewayError } from '../errors/causeway-error.js';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** Longest line taken from a peer unless told otherwise, in bytes: answers to large reads are long. */
export const DEFAULT_MAX_LINE_BYTES = 16 * 1024 * 1024;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Cuts a byte stream into lines, however the stream was sliced on its way.
 *
 * Bounded: a line longer than {@link LineDecoder.maxBytes} throws `protocol_line_too_long`, and from then on every push
 * does, because what follows has no meaning any more.
 */
export class LineDecoder {
  /** Longest line in bytes, line end not counted. May be changed between pushes. */
  maxBytes: number;
  #pieces: Uint8Array[] = [];
  #pending = 0;
  #broken: CausewayError | undefined;

  constructor(options: { readonly maxBytes?: number } = {}) {
    this.maxBytes = options.maxBytes ?? DEFAULT_MAX_LINE_BYTES;
  }

  /** Bytes of a line whose end has not come yet. */
  get pendingBytes(): number {
    return this.#pending;
  }

  /** Takes the next bytes and returns the lines they complete, without line ends. The chunk may be reused afterwards. */
  push(chunk: Uint8Array): string[] {
    if (this.#broken) throw this.#broken;
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      lines.push(this.#complete(chunk.subarray(start, end)));
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#check(this.#pending + chunk.length - start);
      this.#pieces.push(chunk.slice(start));
      this.#pending += chunk.length - start;
    }
    return lines;
  }

  #complete(tail: Uint8Array): string {
    this.#check(this.#pending + tail.length);
    const line = this.#pending === 0 ? tail : this.#join(tail);
    this.#pieces = [];
    this.#pending = 0;
    const end = line.length > 0 && line[line.length - 1] === CARRIAGE_RETURN ? line.length - 1 : line.length;
    return utf8.decode(end === line.length ? line : line.subarray(0, end));
  }

  #join(tail: Uint8Array): Uint8Array {
    const line = new Uint8Array(this.#pending + tail.length);
    let at = 0;
    for (const piece of this.#pieces) {
      line.set(piece, at);
      at += piece.length;
    }
    line.set(tail, at);
    return line;
  }

  #check(bytes: number): void {
    if (bytes <= this.maxBytes) return;
    this.#pieces = [];
    this.#pending = 0;
    this.#broken = new CausewayError('protocol_line_too_long', `The peer sent a line of over ${this.maxBytes} bytes.`, {
      context: { maxBytes: this.maxBytes },
    });
    throw this.#broken;
  }
}
