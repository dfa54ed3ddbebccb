import type { MemoryWrite } from '@causeway/bridge/device';
import { MAX_COMMAND, MAX_WRITE } from '@causeway/protocol/retroarch';
import type { BusSpan, MemoryMap } from './memory-map.js';

/** A piece of a write that one command can hold. */
export interface SpanWrite {
  readonly span: BusSpan;
  readonly data: Uint8Array;
}

/** Text of a write and of reading it back, at most, without the bytes; three characters for each of those. */
const WORDS = 64;
const PER_BYTE = 3;
/** Text of what else is asked in the same datagram. */
const REST = 32;

const piecesOf = ({ at, data }: MemoryWrite, map: MemoryMap): readonly SpanWrite[] => {
  let done = 0;
  return map.spans({ ...at, size: data.length }).flatMap((span) =>
    Array.from({ length: Math.ceil(span.size / MAX_WRITE) }, (_, piece): SpanWrite => {
      const skip = piece * MAX_WRITE;
      const size = Math.min(MAX_WRITE, span.size - skip);
      const part = data.subarray(done, done + size);
      done += size;
      return { span: { ...span, address: span.address + skip, size }, data: part };
    }),
  );
};

const overlap = (a: BusSpan, b: BusSpan): boolean => a.address < b.address + b.size && b.address < a.address + a.size;

/**
 * Writes in order, as many in each datagram as RetroArch takes whole. None of a datagram overlaps another: reading one back
 * must not show the next.
 */
export const writeBursts = (writes: readonly MemoryWrite[], map: MemoryMap): readonly (readonly SpanWrite[])[] => {
  const bursts: SpanWrite[][] = [];
  let length = 0;
  for (const piece of writes.flatMap((write) => piecesOf(write, map))) {
    const text = WORDS + PER_BYTE * piece.data.length;
    const last = bursts.at(-1);
    const fits = length + text <= MAX_COMMAND - REST && !last?.some(({ span }) => overlap(span, piece.span));
    if (last && fits) {
      last.push(piece);
      length += text;
    } else {
      bursts.push([piece]);
      length = text;
    }
  }
  return bursts;
};
