import { announcedLength, startsBlock, takeBlock } from './blocks.js';
import { ByteQueue } from './byte-queue.js';
import { NWA_MAX_BLOCK_BYTES, NWA_MAX_TEXT_BYTES } from './limits.js';
import type { NwaItem, NwaReply, NwaSignal } from './messages.js';
import { StreamGuard } from './stream-guard.js';

const NEWLINE = 0x0a;
const SIGNAL = 0x21;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export interface NwaReplyLimits {
  readonly maxBlockBytes?: number;
  readonly maxTextBytes?: number;
}

/**
 * Cuts what an emulator sends into replies and signals, however the stream was sliced on its way.
 *
 * Bounded; the first thing that is not the protocol throws `protocol_malformed`, and from then on every push does.
 */
export class NwaReplyDecoder {
  readonly #maxBlockBytes: number;
  readonly #maxTextBytes: number;
  readonly #queue = new ByteQueue();
  readonly #guard = new StreamGuard();
  /** How far a text reply that is not whole yet was searched for its end. */
  #searched = 0;

  constructor({ maxBlockBytes = NWA_MAX_BLOCK_BYTES, maxTextBytes = NWA_MAX_TEXT_BYTES }: NwaReplyLimits = {}) {
    this.#maxBlockBytes = maxBlockBytes;
    this.#maxTextBytes = maxTextBytes;
  }

  /**
   * Takes the next bytes and hands out what they complete, one by one: replies before a violation come out before it is
   * thrown, wherever the stream was sliced. What is not taken comes out of the next push. The chunk may be reused afterwards.
   */
  push(chunk: Uint8Array): Iterable<NwaReply | NwaSignal> {
    this.#guard.check();
    this.#queue.append(chunk);
    return this.#replies();
  }

  *#replies(): Generator<NwaReply | NwaSignal> {
    for (let reply = this.#next(); reply; reply = this.#next()) yield reply;
  }

  #next(): NwaReply | NwaSignal | undefined {
    const first = this.#queue.at(0);
    if (first === undefined) return undefined;
    if (startsBlock(first)) return this.#binary();
    if (first === NEWLINE || first === SIGNAL) return this.#text(first === SIGNAL);
    return this.#fail('The peer sent something that is no reply of Emulator NetworkAccess.', { byte: first });
  }

  #binary(): NwaReply | undefined {
    const length = announcedLength(this.#queue);
    if (length === undefined) return undefined;
    if (length > this.#maxBlockBytes) return this.#fail(`The peer announced ${length} bytes.`, { length });
    const data = takeBlock(this.#queue, length);
    return data && { kind: 'binary', data };
  }

  #text(signal: boolean): NwaReply | NwaSignal | undefined {
    const end = this.#endOfText(signal);
    if ((end ?? this.#queue.length) > this.#maxTextBytes)
      return this.#fail(`The peer sent a text of over ${this.#maxTextBytes} bytes.`, { maxBytes: this.#maxTextBytes });
    if (end === undefined) return undefined;
    this.#searched = 0;
    const [head = '', ...lines] = utf8.decode(this.#queue.take(end)).split('\n');
    // A signal's head stands before the line end that every text starts with; two line ends close it.
    const items = this.#items(lines.slice(signal ? 1 : 0, -2));
    return signal ? this.#signal(head, items) : replyOf(items);
  }

  /** Just behind the empty line that ends the text at the front. */
  #endOfText(signal: boolean): number | undefined {
    if (signal && this.#searched === 0) {
      const head = this.#queue.indexOf(NEWLINE);
      if (head === -1) return undefined;
      this.#searched = head + 1;
    }
    for (;;) {
      const at = this.#queue.indexOf(NEWLINE, this.#searched);
      const next = at === -1 ? undefined : this.#queue.at(at + 1);
      if (next === NEWLINE) return at + 2;
      if (next === undefined) {
        this.#searched = at === -1 ? this.#queue.length : at;
        return undefined;
      }
      this.#searched = at + 1;
    }
  }

  #items(lines: readonly string[]): readonly NwaItem[] {
    const items: Map<string, string>[] = [];
    for (const line of lines) {
      const colon = line.indexOf(':');
      if (colon === -1) this.#fail('The peer sent a line without a colon.', { line: line.slice(0, 60) });
      const key = line.slice(0, colon);
      let item = items.at(-1);
      if (!item || item.has(key)) {
        item = new Map();
        items.push(item);
      }
      item.set(key, line.slice(colon + 1));
    }
    return items;
  }

  #signal(head: string, items: readonly NwaItem[]): NwaSignal {
    const [, name, source] = /^!([A-Z0-9_]+)(?: (.*))?$/.exec(head) ?? [];
    if (name === undefined) return this.#fail('The peer sent a signal without a name.', { line: head.slice(0, 60) });
    return { kind: 'signal', name, source: source ?? '', items };
  }

  #fail(message: string, context: Readonly<Record<string, unknown>>): never {
    this.#queue.clear();
    return this.#guard.fail(message, context);
  }
}

const replyOf = (items: readonly NwaItem[]): NwaReply => {
  const failure = items.find((item) => item.has('error'));
  if (!failure) return { kind: 'text', items };
  return { kind: 'error', error: failure.get('error') ?? '', reason: failure.get('reason') ?? '' };
};
