import type { Clock } from '@causeway/bridge';
import {
  type CloseInfo,
  coalesce,
  type MemoryLink,
  type MemoryRead,
  type MemoryWrite,
  type Region,
  type RomIdentity,
} from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { MAX_READ, MAX_WRITE, type RetroArchCommand, type RetroArchStatus } from '@causeway/protocol/retroarch';
import { type Ask, RESEND_MS, type RetroArchChannel } from './channel.js';
import type { BusSpan, MemoryMap } from './memory-map.js';

/**
 * Equal questions are asked with 16 different sizes in turn, so that a reply which comes late or twice cannot be taken for the
 * answer to a later one: by the time a size is used again, a quarter of a second has passed.
 */
const VARIANTS = 16;
const MAX_SPAN = MAX_READ - VARIANTS;
/** Of one burst: replies beyond that may overflow the receive buffer (measured: 64 of 2 KiB got lost). */
const MAX_ASKS = 32;
const MAX_BYTES = 16 * 1024;
/** Regions this close are one read. */
const GAP = 64;
/** For this long a reply to a write may belong to an earlier one of the same size to the same place. Milliseconds. */
const WRITE_ECHO_MS = 1000;
/** Replies of one poll of RetroArch come together; of two polls at least one frame apart. Milliseconds. */
const ONE_POLL_MS = 4;

export interface RetroArchLinkOptions {
  readonly channel: RetroArchChannel;
  readonly map: MemoryMap;
  /** What ran when the device was opened. */
  readonly status: Exclude<RetroArchStatus, { state: 'contentless' }>;
  readonly rom: RomIdentity;
  readonly clock: Clock;
}

/** A read on its way, and where the wanted bytes stand in it. */
interface SpanRead {
  readonly command: RetroArchCommand & { readonly kind: 'read' };
  readonly skip: number;
  readonly span: BusSpan;
}

/** One game in RetroArch. Every exchange asks for the status as well: another game under our hands is noticed at once. */
export class RetroArchLink implements MemoryLink {
  readonly lost: Promise<CloseInfo>;
  readonly #options: RetroArchLinkOptions;
  /** When each place was last written, by address and size. */
  readonly #written = new Map<string, number>();
  #turn = 0;
  #end: (info: CloseInfo) => void = () => {};

  constructor(options: RetroArchLinkOptions) {
    this.#options = options;
    this.lost = new Promise((resolve) => {
      this.#end = resolve;
    });
    void options.channel.failed.then((error) => this.#end({ reason: 'lost', error }));
  }

  async read(regions: readonly Region[], signal: AbortSignal): Promise<MemoryRead> {
    const { runs, cut } = coalesce(regions, { gap: GAP, maxSize: Number.MAX_SAFE_INTEGER });
    const spans = runs.map((run) => this.#spansOf(run));
    const reads = spans.flat().map((span) => this.#varied(span));
    let oneFrame = true;
    let paused = false;
    const bytes: Uint8Array[] = [];
    const bursts = burstsOf(reads);
    for (const burst of bursts) {
      const seen = await this.#burst(burst, signal);
      oneFrame &&= seen.oneFrame && bursts.length === 1;
      paused = seen.paused;
      bytes.push(...seen.bytes);
    }
    return { bytes: cut(joined(spans, bytes)), oneFrame, paused };
  }

  async write(writes: readonly MemoryWrite[], signal: AbortSignal): Promise<void> {
    for (const { at, data } of writes) {
      let offset = 0;
      for (const span of this.#options.map.spans({ ...at, size: data.length })) {
        for (let done = 0; done < span.size; done += MAX_WRITE) {
          const size = Math.min(MAX_WRITE, span.size - done);
          const part = { ...span, address: span.address + done, size };
          await this.#put(part, data.subarray(offset + done, offset + done + size), signal);
        }
        offset += span.size;
      }
    }
  }

  async rom(signal: AbortSignal): Promise<RomIdentity> {
    const { channel, rom } = this.#options;
    const ask = channel.ask({ kind: 'status' });
    try {
      await channel.answered([ask], signal);
    } finally {
      channel.forget([ask]);
    }
    this.#checkStatus(ask);
    return rom;
  }

  async showMessage(text: string): Promise<void> {
    this.#options.channel.tell({ kind: 'message', text });
  }

  async close(): Promise<void> {
    this.#options.channel.close();
  }

  /** In pieces that one reply can hold. */
  #spansOf(region: Region): readonly BusSpan[] {
    return this.#options.map.spans(region).flatMap(({ address, size, block }) =>
      Array.from({ length: Math.ceil(size / MAX_SPAN) }, (_, piece) => ({
        address: address + piece * MAX_SPAN,
        size: Math.min(MAX_SPAN, size - piece * MAX_SPAN),
        block,
      })),
    );
  }

  /** A few bytes more than wanted, as many as are in turn, within the block: behind where there is room, else before. */
  #varied(span: BusSpan): SpanRead {
    const { address, size, block } = span;
    const more = this.#turn % VARIANTS;
    if (address + size + more <= block.end) {
      return { command: { kind: 'read', address, size: size + more }, skip: 0, span };
    }
    const before = Math.min(more, address - block.start);
    return { command: { kind: 'read', address: address - before, size: size + before }, skip: before, span };
  }

  async #burst(
    reads: readonly SpanRead[],
    signal: AbortSignal,
  ): Promise<{ readonly bytes: readonly Uint8Array[]; readonly oneFrame: boolean; readonly paused: boolean }> {
    const { channel } = this.#options;
    this.#turn++;
    const status = channel.ask({ kind: 'status' });
    const asks = reads.map(({ command, skip, span }) => channel.ask(command, skip + span.size));
    const all = [status, ...asks];
    try {
      const repeated = await channel.answered(all, signal);
      const { paused } = this.#checkStatus(status);
      const times = all.map(({ at }) => at);
      const oneFrame = !repeated && Math.max(...times) - Math.min(...times) <= ONE_POLL_MS;
      return { bytes: asks.map((ask, index) => bytesOf(ask, reads[index])), oneFrame, paused };
    } finally {
      channel.forget(all);
    }
  }

  /**
   * Writes, and reads back with the next datagram: RetroArch handles both in order, before the game runs on. A write is never
   * sent twice, since it might be carried out late; and its own reply proves it only where it cannot be that of an earlier one.
   */
  async #put(span: BusSpan, data: Uint8Array, signal: AbortSignal): Promise<void> {
    const { channel, clock } = this.#options;
    const provable = this.#noEcho(span);
    const written = channel.ask({ kind: 'write', address: span.address, data });
    const until = clock.now() + 2 * RESEND_MS;
    try {
      for (;;) {
        this.#turn++;
        const back = this.#varied(span);
        const ask = channel.ask(back.command, back.skip + span.size);
        try {
          await channel.answered([ask], signal);
        } finally {
          channel.forget([ask]);
        }
        if (sameBytes(bytesOf(ask, back), data)) return;
        // What was written may be gone already: the game takes it.
        if (written.reply?.kind === 'refused' || (written.reply && provable)) return checkWritten(written, data.length);
        if (clock.now() >= until) throw notConfirmed(span);
      }
    } finally {
      channel.forget([written]);
    }
  }

  /** Whether a reply that comes now can only be that to a write made now. */
  #noEcho({ address, size }: BusSpan): boolean {
    const now = this.#options.clock.now();
    for (const [place, at] of this.#written) if (now - at > WRITE_ECHO_MS) this.#written.delete(place);
    const key = `${address} ${size}`;
    const none = !this.#written.has(key);
    this.#written.set(key, now);
    return none;
  }

  /** Whether the game is still the one the device was opened for. */
  #checkStatus({ reply }: Ask): { readonly paused: boolean } {
    const { status: before } = this.#options;
    const now = reply?.kind === 'status' ? reply.status : undefined;
    const same = now && now.state !== 'contentless' && now.crc32 === before.crc32 && now.content === before.content;
    if (same) return { paused: now.state === 'paused' };
    const what = now?.state === 'contentless' ? 'The game was closed.' : 'Another game was loaded.';
    const error = new CausewayError('device_lost', what, { context: { before, now } });
    this.#end({ reason: 'rom_changed', error });
    throw error;
  }
}

const burstsOf = (reads: readonly SpanRead[]): readonly (readonly SpanRead[])[] => {
  const bursts: SpanRead[][] = [[]];
  let bytes = 0;
  for (const read of reads) {
    const { size } = read.command;
    const last = bursts.at(-1) ?? [];
    if (last.length >= MAX_ASKS - 1 || bytes + size > MAX_BYTES) {
      bursts.push([read]);
      bytes = size;
    } else {
      last.push(read);
      bytes += size;
    }
  }
  return bursts;
};

/** The bytes of each run, from those of its spans. */
const joined = (spans: readonly (readonly BusSpan[])[], bytes: readonly Uint8Array[]): readonly Uint8Array[] => {
  let next = 0;
  return spans.map((parts) => {
    const own = bytes.slice(next, next + parts.length);
    next += parts.length;
    const [only] = own;
    return own.length === 1 && only ? only : new Uint8Array(Buffer.concat(own));
  });
};

const place = ({ address, size }: BusSpan): string => `$${address.toString(16).toUpperCase()}, ${size} bytes`;

const bytesOf = ({ reply }: Ask, read: SpanRead | undefined): Uint8Array => {
  if (reply?.kind === 'read' && read) return reply.data.subarray(read.skip, read.skip + read.span.size);
  const reason = reply?.kind === 'refused' ? reply.reason : 'no answer';
  throw refused(`RetroArch cannot read ${read ? place(read.span) : 'this'}: ${reason}.`, reason);
};

const checkWritten = ({ reply, command }: Ask, size: number): void => {
  if (reply?.kind === 'written' && reply.count === size) return;
  const reason =
    reply?.kind === 'refused' ? reply.reason : `${reply?.kind === 'written' ? reply.count : 0} bytes written`;
  const address = command.kind === 'write' ? command.address : 0;
  throw refused(`RetroArch did not write $${address.toString(16).toUpperCase()}: ${reason}.`, reason);
};

const refused = (message: string, reason: string): CausewayError =>
  new CausewayError('batch_step_failed', message, {
    context: { reason },
    fix: 'This core does not show that memory. For SNES use a bsnes-mercury core; `info` lists what can be reached.',
  });

const notConfirmed = (span: BusSpan): CausewayError =>
  new CausewayError('device_timeout', `RetroArch did not confirm a write to ${place(span)}.`);

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);
