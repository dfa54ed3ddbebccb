import { CausewayError } from '@causeway/protocol/errors';
import { type AddressRange, ByteCollector, totalSize } from '@causeway/protocol/usb2snes';
import type { Usb2SnesPersonality } from './console-options.js';

export interface WrittenRange {
  readonly address: number;
  readonly data: Uint8Array;
}

/** The data of one `PutAddress` on its way, as the two servers put it together. */
export class Upload {
  readonly #kind: Usb2SnesPersonality;
  readonly #collector: ByteCollector;
  #ranges: readonly AddressRange[];

  constructor(ranges: readonly AddressRange[], kind: Usb2SnesPersonality) {
    // QUsb2Snes has one byte for each size when there are several.
    const narrow = kind === 'qusb2snes' && ranges.length > 1;
    this.#ranges = narrow ? ranges.map(({ address, size }) => ({ address, size: size & 0xff })) : ranges;
    this.#kind = kind;
    this.#collector = new ByteCollector(totalSize(this.#ranges));
  }

  get complete(): boolean {
    return this.#ranges.length === 0;
  }

  /** Takes a binary message and returns what can be written. Throws for more bytes than were announced (QUsb2Snes). */
  take(message: Uint8Array): readonly WrittenRange[] {
    return this.#kind === 'sni' ? this.#takeOnce(message) : this.#collect(message);
  }

  /** SNI reads once for each range and believes that it got everything: what is missing becomes zeros. */
  #takeOnce(message: Uint8Array): readonly WrittenRange[] {
    const written: WrittenRange[] = [];
    let rest = message;
    while (rest.length > 0) {
      const [range, ...others] = this.#ranges;
      if (!range) break;
      const data = new Uint8Array(range.size);
      data.set(rest.subarray(0, range.size));
      rest = rest.subarray(range.size);
      written.push({ address: range.address, data });
      this.#ranges = others;
    }
    return written;
  }

  #collect(message: Uint8Array): readonly WrittenRange[] {
    if (message.length > this.#collector.missing)
      throw new CausewayError('protocol_unexpected', 'More data than announced');
    this.#collector.take(message);
    if (!this.#collector.complete) return [];
    let at = 0;
    const written = this.#ranges.map(({ address, size }) => {
      at += size;
      return { address, data: this.#collector.bytes.slice(at - size, at) };
    });
    this.#ranges = [];
    return written;
  }
}
