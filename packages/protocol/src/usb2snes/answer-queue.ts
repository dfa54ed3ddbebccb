import { CausewayError } from '../errors/causeway-error.js';
import { ByteCollector } from './byte-collector.js';
import { decodeResults } from './results.js';

interface OwedResults {
  readonly kind: 'results';
  deliver: ((results: readonly string[]) => void) | undefined;
}
interface OwedBytes {
  readonly kind: 'bytes';
  readonly collector: ByteCollector;
  deliver: ((bytes: Uint8Array) => void) | undefined;
}

/** Gives up an answer. It is still counted when it comes, and then thrown away. Calling it twice is fine. */
export type Abandon = () => void;

/**
 * Finds out which answer belongs to which request. The protocol has no ids: order is the only link, and bytes are counted,
 * whatever messages they come in.
 *
 * Everything that is asked must be announced here in the order it is sent. What nobody asked for is `protocol_unexpected`;
 * after any error the stream is out of step for good.
 */
export class AnswerQueue {
  readonly #owed: (OwedResults | OwedBytes)[] = [];

  /** Answers that have not come yet, given up ones included. */
  get owedAnswers(): number {
    return this.#owed.length;
  }

  /** Bytes that have not come yet, given up ones included. */
  get owedBytes(): number {
    return this.#owed.reduce((sum, owed) => sum + (owed.kind === 'bytes' ? owed.collector.missing : 0), 0);
  }

  /** A `Results` message comes next after what is owed so far. */
  expectResults(deliver: (results: readonly string[]) => void): Abandon {
    const owed: OwedResults = { kind: 'results', deliver };
    this.#owed.push(owed);
    return () => {
      owed.deliver = undefined;
    };
  }

  /** So many bytes come next after what is owed so far. */
  expectBytes(size: number, deliver: (bytes: Uint8Array) => void): Abandon {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`${size} bytes cannot be waited for`);
    const owed: OwedBytes = { kind: 'bytes', collector: new ByteCollector(size), deliver };
    this.#owed.push(owed);
    return () => {
      owed.deliver = undefined;
    };
  }

  /** Takes a text message. Throws `protocol_unexpected` or `protocol_malformed`. */
  takeText(text: string): void {
    const [owed] = this.#owed;
    if (owed?.kind !== 'results') throw unexpected('a text message', owed);
    const results = decodeResults(text);
    this.#owed.shift();
    owed.deliver?.(results);
  }

  /** Takes a binary message. Throws `protocol_unexpected`. */
  takeBytes(message: Uint8Array): void {
    let rest = message;
    while (rest.length > 0) {
      const [owed] = this.#owed;
      if (owed?.kind !== 'bytes') throw unexpected(`${rest.length} bytes`, owed);
      const { collector } = owed;
      rest = rest.subarray(owed.deliver ? collector.take(rest) : collector.skip(rest));
      if (!collector.complete) continue;
      this.#owed.shift();
      owed.deliver?.(collector.bytes);
    }
  }
}

const unexpected = (what: string, owed: OwedResults | OwedBytes | undefined): CausewayError => {
  const instead = owed
    ? `where ${owed.kind === 'bytes' ? `${owed.collector.missing} bytes were` : 'a text message was'} due`
    : 'that nobody asked for';
  return new CausewayError('protocol_unexpected', `The usb2snes server sent ${what} ${instead}.`);
};
