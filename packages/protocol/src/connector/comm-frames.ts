import { CausewayError } from '../errors/causeway-error.js';
import { DEFAULT_MAX_LINE_BYTES } from './line-decoder.js';

/**
 * Frames of the emulator's own outgoing socket (`comm.socketServer…`): decimal byte count, one space, then that many
 * bytes of UTF-8.
 */

const SPACE = 32;
const ZERO = 48;
const NINE = 57;
/** Digits of the largest count that can be meant; more is not a frame. */
const MAX_DIGITS = 10;

const encoder = new TextEncoder();
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** One frame around `text`. */
export const encodeCommFrame = (text: string): Uint8Array => {
  const payload = encoder.encode(text);
  const prefix = encoder.encode(`${payload.length} `);
  const frame = new Uint8Array(prefix.length + payload.length);
  frame.set(prefix);
  frame.set(payload, prefix.length);
  return frame;
};

/**
 * Cuts a byte stream into the texts of its frames, however it was sliced on its way.
 *
 * Throws `protocol_malformed` for something that is no count and `protocol_line_too_long` for a count above the limit,
 * before the payload is taken; from then on every push does.
 */
export class CommFrameDecoder {
  readonly #maxBytes: number;
  #digits = '';
  #payload: Uint8Array | undefined;
  #filled = 0;
  #broken: CausewayError | undefined;

  constructor(options: { readonly maxBytes?: number } = {}) {
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_LINE_BYTES;
  }

  push(chunk: Uint8Array): string[] {
    if (this.#broken) throw this.#broken;
    const texts: string[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#payload === undefined) {
        this.#takePrefix(chunk[at++] as number);
      } else {
        const piece = chunk.subarray(at, at + this.#payload.length - this.#filled);
        this.#payload.set(piece, this.#filled);
        this.#filled += piece.length;
        at += piece.length;
      }
      if (this.#payload !== undefined && this.#filled === this.#payload.length) texts.push(this.#complete());
    }
    return texts;
  }

  #takePrefix(byte: number): void {
    if (byte >= ZERO && byte <= NINE && this.#digits.length < MAX_DIGITS) {
      this.#digits += String.fromCharCode(byte);
      return;
    }
    if (byte !== SPACE || this.#digits === '') {
      throw this.#break('protocol_malformed', 'The peer sent something that is not a length-prefixed frame.');
    }
    const size = Number(this.#digits);
    if (size > this.#maxBytes) {
      throw this.#break('protocol_line_too_long', `The peer announced a frame of ${size} bytes.`);
    }
    this.#payload = new Uint8Array(size);
    this.#filled = 0;
    this.#digits = '';
  }

  #complete(): string {
    const text = utf8.decode(this.#payload);
    this.#payload = undefined;
    return text;
  }

  #break(code: 'protocol_malformed' | 'protocol_line_too_long', message: string): CausewayError {
    this.#broken = new CausewayError(code, message, { context: { maxBytes: this.#maxBytes } });
    return this.#broken;
  }
}
