import { announcedLength, startsBlock, takeBlock } from './blocks.js';
import { ByteQueue } from './byte-queue.js';
import { NWA_MAX_ARGUMENTS, NWA_MAX_BLOCK_BYTES, NWA_SERVER_MAX_LINE_BYTES } from './limits.js';
import type { NwaCommand } from './messages.js';
import { StreamGuard } from './stream-guard.js';

const NEWLINE = 0x0a;
const LINE = /^(b?)(!?[A-Z][A-Z0-9_]*)(?: (.*))?$/;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export interface NwaCommandLimits {
  readonly maxLineBytes?: number;
  readonly maxBlockBytes?: number;
}

/**
 * Cuts what a client sends into commands, however the stream was sliced on its way; a command that announces a block
 * comes out with it.
 *
 * Bounded; the first violation throws `protocol_malformed`, and from then on every push does: a server answers
 * `protocol_error` and closes.
 */
export class NwaCommandDecoder {
  readonly #maxLineBytes: number;
  readonly #maxBlockBytes: number;
  readonly #queue = new ByteQueue();
  readonly #guard = new StreamGuard();
  #searched = 0;
  #waiting: NwaCommand | undefined;

  constructor({
    maxLineBytes = NWA_SERVER_MAX_LINE_BYTES,
    maxBlockBytes = NWA_MAX_BLOCK_BYTES,
  }: NwaCommandLimits = {}) {
    this.#maxLineBytes = maxLineBytes;
    this.#maxBlockBytes = maxBlockBytes;
  }

  /**
   * Takes the next bytes and hands out the commands they complete, one by one: those before a violation come out before it
   * is thrown, wherever the stream was sliced. What is not taken comes out of the next push. The chunk may be reused
   * afterwards.
   */
  push(chunk: Uint8Array): Iterable<NwaCommand> {
    this.#guard.check();
    this.#queue.append(chunk);
    return this.#commands();
  }

  *#commands(): Generator<NwaCommand> {
    for (let command = this.#next(); command; command = this.#next()) yield command;
  }

  #next(): NwaCommand | undefined {
    if (this.#waiting) return this.#withBlock(this.#waiting);
    const end = this.#queue.indexOf(NEWLINE, this.#searched);
    const length = end === -1 ? this.#queue.length : end;
    if (length > this.#maxLineBytes) this.#fail(`The client sent a line of over ${this.#maxLineBytes} bytes.`);
    this.#searched = end === -1 ? length : 0;
    if (end === -1) return undefined;
    const line = utf8.decode(this.#queue.take(end + 1)).slice(0, -1);
    const [, mark, name, args] = LINE.exec(line) ?? [];
    if (name === undefined) return this.#fail('The client sent something that is no command.', line.slice(0, 60));
    const command = { name, args: args ? args.split(';') : [] };
    if (command.args.length > NWA_MAX_ARGUMENTS) return this.#fail('The client sent too many arguments.');
    if (mark !== 'b') return command;
    this.#waiting = command;
    return this.#withBlock(command);
  }

  #withBlock(command: NwaCommand): NwaCommand | undefined {
    const first = this.#queue.at(0);
    if (first === undefined) return undefined;
    if (!startsBlock(first)) return this.#fail('The client announced data and sent something else.');
    const length = announcedLength(this.#queue);
    if (length === undefined) return undefined;
    if (length > this.#maxBlockBytes) return this.#fail(`The client announced ${length} bytes.`);
    const block = takeBlock(this.#queue, length);
    if (!block) return undefined;
    this.#waiting = undefined;
    return { ...command, block };
  }

  #fail(message: string, line?: string): never {
    this.#queue.clear();
    return this.#guard.fail(message, line === undefined ? {} : { line });
  }
}
