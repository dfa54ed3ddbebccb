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
import type { RetroArchStatus } from '@causeway/protocol/retroarch';
import { type Ask, RESEND_MS, type RetroArchChannel } from './channel.js';
import { burstsOf, cutForReading, ReadVariants, type SpanRead } from './distinct-reads.js';
import type { BusSpan, MemoryMap } from './memory-map.js';
import { type SpanWrite, writeBursts } from './write-bursts.js';

/** Regions this close are one read. */
const GAP = 64;
/** How long a write that nothing proved is looked for in memory. Milliseconds. */
const LOOK_MS = 2 * RESEND_MS;
/**
 * Replies to one datagram come together. A frame apart, a network may have doubled the datagram, and RetroArch may have answered
 * each copy in a frame of its own. Milliseconds.
 */
const ONE_POLL_MS = 10;
const STATUS = { kind: 'status' } as const;

export interface RetroArchLinkOptions {
  readonly channel: RetroArchChannel;
  readonly map: MemoryMap;
  /** What ran when the device was opened. */
  readonly status: Exclude<RetroArchStatus, { state: 'contentless' }>;
  readonly rom: RomIdentity;
  readonly clock: Clock;
}

/** A write on its way. */
interface PutWrite extends SpanWrite {
  readonly back: SpanRead | undefined;
  readonly written: Ask | undefined;
  /** Reads it back, in the same datagram. */
  readonly proof: Ask | undefined;
  /** Whether it was found in memory by other means. */
  seen: boolean;
}

interface Burst {
  readonly bytes: readonly Uint8Array[];
  readonly oneFrame: boolean;
  readonly paused: boolean;
}

/**
 * One game in RetroArch. Every exchange is one datagram, carried out between two frames, and ends by asking for the status:
 * another game under our hands is noticed with the bytes it has.
 */
export class RetroArchLink implements MemoryLink {
  readonly lost: Promise<CloseInfo>;
  readonly #options: RetroArchLinkOptions;
  readonly #variants: ReadVariants;
  #end: (info: CloseInfo) => void = () => {};

  constructor(options: RetroArchLinkOptions) {
    this.#options = options;
    this.#variants = new ReadVariants(options.channel);
    this.lost = new Promise((resolve) => {
      this.#end = resolve;
    });
    void options.channel.failed.then((error) => this.#end({ reason: 'lost', error }));
  }

  async read(regions: readonly Region[], signal: AbortSignal): Promise<MemoryRead> {
    const { runs, cut } = coalesce(regions, { gap: GAP, maxSize: Number.MAX_SAFE_INTEGER });
    const spans = runs.map((run) => this.#options.map.spans(run).flatMap(cutForReading));
    const bursts = burstsOf(spans.flat());
    let oneFrame = bursts.length === 1;
    let paused = false;
    const bytes: Uint8Array[] = [];
    for (const burst of bursts) {
      const seen = await this.#burst(burst, signal);
      oneFrame &&= seen.oneFrame;
      paused = seen.paused;
      bytes.push(...seen.bytes);
    }
    return { bytes: cut(joined(spans, bytes)), oneFrame, paused };
  }

  async write(writes: readonly MemoryWrite[], signal: AbortSignal): Promise<void> {
    for (const burst of writeBursts(writes, this.#options.map)) await this.#put(burst, signal);
  }

  /** The status alone names no question; a byte read along with it does. */
  async rom(signal: AbortSignal): Promise<RomIdentity> {
    const { map, rom } = this.#options;
    const [first] = map.domains;
    const spans = first ? map.spans({ domain: first.name, offset: 0, size: 1 }) : [];
    await this.#burst(spans, signal);
    return rom;
  }

  async showMessage(text: string): Promise<void> {
    this.#options.channel.tell({ kind: 'message', text });
  }

  async close(): Promise<void> {
    this.#options.channel.close();
  }

  async #burst(spans: readonly BusSpan[], signal: AbortSignal): Promise<Burst> {
    const { channel } = this.#options;
    this.#variants.next();
    const reads = spans.map((span) => this.#variants.of(span));
    const asks = channel.ask([...reads.map(({ command }) => command), STATUS]);
    try {
      const repeated = await channel.answered(asks, signal);
      const { paused } = this.#checkStatus(asks.at(-1));
      const times = asks.map(({ at }) => at);
      const oneFrame = !repeated && Math.max(...times) - Math.min(...times) <= ONE_POLL_MS;
      return { bytes: reads.map((read, index) => bytesOf(asks[index], read)), oneFrame, paused };
    } finally {
      channel.forget(asks);
    }
  }

  /**
   * Writes, and reads each back in the same datagram: what is read is what RetroArch made of the write, before the game could touch
   * it, and any of these reads proves that the datagram came. It is never sent twice: the first may be carried out late.
   */
  async #put(writes: readonly SpanWrite[], signal: AbortSignal): Promise<void> {
    const { channel } = this.#options;
    this.#variants.next();
    const backs = writes.map(({ span }) => this.#variants.of(span));
    const asks = channel.ask([
      ...writes.map(({ span, data }) => ({ kind: 'write', address: span.address, data }) as const),
      ...backs.map(({ command }) => command),
      STATUS,
    ]);
    const status = asks.at(-1);
    const put = writes.map((write, index): PutWrite => {
      const [written, proof] = [asks[index], asks[writes.length + index]];
      return { ...write, back: backs[index], written, proof, seen: false };
    });
    try {
      const came = await channel.arrived(asks.slice(writes.length), signal);
      if (!came) await this.#look(put, signal);
      if (status?.reply) this.#checkStatus(status);
      else await this.rom(signal);
      for (const each of put) if (!each.seen) checkWritten(each);
    } finally {
      channel.forget(asks);
    }
  }

  /** Too little came of writes: looks whether they are there, until all are or nothing more can be hoped for. */
  async #look(put: readonly PutWrite[], signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const until = clock.now() + LOOK_MS;
    for (;;) {
      const came = put.some(({ proof }) => proof?.reply);
      for (const each of put) each.seen ||= came && isConfirmed(each);
      const missing = put.filter(({ proof, seen }) => !proof?.reply && !seen);
      if (missing.length === 0) return;
      if (clock.now() >= until) throw notConfirmed(missing);
      const spans = missing.map(({ span }) => span);
      const { bytes } = await this.#burst(spans, signal);
      for (const [index, each] of missing.entries()) each.seen = sameBytes(bytes[index], each.data);
    }
  }

  /** Whether the game is still the one the device was opened for. */
  #checkStatus(ask: Ask | undefined): { readonly paused: boolean } {
    const { status: before } = this.#options;
    const now = ask?.reply?.kind === 'status' ? ask.reply.status : undefined;
    const same = now && now.state !== 'contentless' && now.crc32 === before.crc32 && now.content === before.content;
    if (same) return { paused: now.state === 'paused' };
    const what = now?.state === 'contentless' ? 'The game was closed.' : 'Another game was loaded.';
    const error = new CausewayError('device_lost', what, { context: { before, now } });
    this.#end({ reason: 'rom_changed', error });
    throw error;
  }
}

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

const bytesOf = (ask: Ask | undefined, { skip, span }: SpanRead): Uint8Array => {
  const reply = ask?.reply;
  if (reply?.kind === 'read') return reply.data.subarray(skip, skip + span.size);
  const reason = reply?.kind === 'refused' ? reply.reason : 'no answer';
  throw refused(`RetroArch cannot read ${place(span)}: ${reason}.`, reason);
};

/** @throws `batch_step_failed` unless the bytes stood in memory right after the write */
const checkWritten = ({ span, data, back, written, proof }: PutWrite): void => {
  const reason = written?.reply?.kind === 'refused' ? written.reply.reason : 'the bytes are not there afterwards';
  const there = proof?.reply?.kind === 'read' && back ? bytesOf(proof, back) : undefined;
  if (!sameBytes(there, data)) throw refused(`RetroArch did not write ${place(span)}: ${reason}.`, reason);
};

/** RetroArch's own word for it, which may be an old one: good enough where something else shows that the datagram came. */
const isConfirmed = ({ written, data }: PutWrite): boolean =>
  written?.reply?.kind === 'written' && written.reply.count === data.length;

const refused = (message: string, reason: string): CausewayError =>
  new CausewayError('batch_step_failed', message, {
    context: { reason },
    fix: 'This core does not show that memory. For SNES use a bsnes-mercury core; `info` lists what can be reached.',
  });

const notConfirmed = (writes: readonly SpanWrite[]): CausewayError => {
  const places = writes.map(({ span }) => place(span)).join('; ');
  return new CausewayError('batch_outcome_unknown', `RetroArch did not confirm a write to ${places}.`);
};

const sameBytes = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  a !== undefined && a.length === b.length && a.every((byte, index) => byte === b[index]);
