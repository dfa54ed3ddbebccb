import { MAX_READ, type RetroArchCommand } from '@causeway/protocol/retroarch';
import type { BusSpan } from './memory-map.js';

/** How many bytes before and, where nothing else is in the way, how many ways in all to ask for the same. */
const BEFORE = 15;
const WAYS = 256;
/** Ways looked at for one that no reply is owed to. */
const TRIES = 16;
/** What is left of a read for asking in different ways. */
const SPARE = 32;
const MAX_SPAN = MAX_READ - SPARE;
/** Of one datagram: replies beyond that may overflow the receive buffer (measured: 64 of 2 KiB got lost). */
const MAX_ASKS = 31;
const MAX_BYTES = 16 * 1024;

/** A read, and where the wanted bytes stand in it. */
export interface SpanRead {
  readonly command: RetroArchCommand & { readonly kind: 'read' };
  readonly skip: number;
  readonly span: BusSpan;
}

/** In pieces that one reply can hold, none of which fills its block: it could only be asked for in one way. */
export const cutForReading = ({ address, size, block }: BusSpan): readonly BusSpan[] => {
  const room = block.end - block.start;
  const most = Math.min(MAX_SPAN, Math.max(room - BEFORE - 1, Math.ceil(room / 2)));
  return Array.from({ length: Math.ceil(size / most) }, (_, piece) => ({
    address: address + piece * most,
    size: Math.min(most, size - piece * most),
    block,
  }));
};

/** What fits into one datagram and its replies each. There is always one, be it without reads. */
export const burstsOf = (spans: readonly BusSpan[]): readonly (readonly BusSpan[])[] => {
  const bursts: BusSpan[][] = [[]];
  let bytes = 0;
  for (const span of spans) {
    const size = span.size + SPARE;
    const last = bursts.at(-1) ?? [];
    if (last.length >= MAX_ASKS || (last.length > 0 && bytes + size > MAX_BYTES)) {
      bursts.push([span]);
      bytes = size;
    } else {
      last.push(span);
      bytes += size;
    }
  }
  return bursts;
};

/** How replies that may still come to an equal read speak against it. */
const RANK = { clean: 0, answered: 1, owed: 2 } as const;

/** Knows whether replies to a read may still come. */
export interface ReadJudge {
  judge(address: number, size: number): keyof typeof RANK;
}

/**
 * Asks for the same bytes in different ways: a few more before and behind, within the block. RetroArch's replies name address and
 * size, so a reply that comes late or twice fits no question that was asked in another way.
 */
export class ReadVariants {
  readonly #judge: ReadJudge;
  #turn = 0;

  constructor(judge: ReadJudge) {
    this.#judge = judge;
  }

  /** To be called before every datagram. */
  next(): void {
    this.#turn++;
  }

  /** A way to ask to which no reply is under way; where all are in use, the one that was used longest ago. */
  of(span: BusSpan): SpanRead {
    const ways = waysOf(span);
    let best = readOf(span, ways, this.#turn);
    let rank = this.#rank(best);
    for (let tried = 1; rank > 0 && tried < Math.min(TRIES, ways.count); tried++) {
      const other = readOf(span, ways, this.#turn + tried);
      if (this.#rank(other) >= rank) continue;
      best = other;
      rank = this.#rank(other);
    }
    return best;
  }

  #rank({ command: { address, size } }: SpanRead): number {
    return RANK[this.#judge.judge(address, size)];
  }
}

interface Ways {
  readonly count: number;
  /** Most bytes before what is wanted. */
  readonly before: number;
}

const waysOf = ({ address, size, block }: BusSpan): Ways => {
  const before = Math.min(BEFORE, address - block.start, MAX_READ - size);
  const behind = Math.min(Math.ceil(WAYS / (before + 1)) - 1, block.end - address - size, MAX_READ - size - before);
  return { count: (before + 1) * (behind + 1), before };
};

const readOf = (span: BusSpan, { count, before }: Ways, turn: number): SpanRead => {
  const way = turn % count;
  const skip = way % (before + 1);
  const size = skip + span.size + Math.floor(way / (before + 1));
  return { command: { kind: 'read', address: span.address - skip, size }, skip, span };
};
