import type { DomainInfo, Step } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { type AddressRange, encodeNumber, totalSize } from '@causeway/protocol/usb2snes';
import { HARDWARE_AREAS, type MemoryArea, ROM_AREA, SRAM_AREA, WRAM_AREA } from '../usb2snes/memory-areas.js';

interface ServedArea extends MemoryArea {
  /**
   * Whether addresses behind the memory's end read as zeros, as in front of any real server. Clients look for games they do
   * not find in this way; closing the socket on them would keep them from ever finding the one that runs.
   */
  readonly zeroFilled: 'never' | 'behindEnd' | 'always';
}

const AREAS: readonly ServedArea[] = [
  { ...ROM_AREA, zeroFilled: 'behindEnd' },
  { ...SRAM_AREA, zeroFilled: 'always' },
  ...[WRAM_AREA, ...HARDWARE_AREAS].map((area) => ({ ...area, zeroFilled: 'never' }) as const),
];

/** A part of what a client asked for: somewhere in memory, or nowhere and therefore zeros. */
interface Piece {
  /** As the client gave it. */
  readonly address: number;
  readonly size: number;
  readonly at?: { readonly domain: string; readonly offset: number };
  readonly writable?: boolean | undefined;
}

/** So that a long range can be spread over several batches. */
const MAX_PIECE_BYTES = 4096;

const unmapped = (address: number): CausewayError =>
  new CausewayError('address_unmapped', `This device has no memory at ${encodeNumber(address)}.`);

/** The next piece of a range: as much as lies in one place. */
const pieceAt = (address: number, size: number, domains: ReadonlyMap<string, DomainInfo>): Piece => {
  const area = AREAS.find(({ start, end }) => start <= address && address < end);
  if (!area) throw unmapped(address);
  const info = domains.get(area.domain);
  const offset = address - area.start;
  const inArea = Math.min(size, area.end - address, MAX_PIECE_BYTES);
  if (info && offset < info.size) {
    const { writable } = info;
    return { address, size: Math.min(inArea, info.size - offset), at: { domain: area.domain, offset }, writable };
  }
  if (area.zeroFilled === 'always' || (area.zeroFilled === 'behindEnd' && info)) return { address, size: inArea };
  throw unmapped(address);
};

const piecesOf = (ranges: readonly AddressRange[], domains: ReadonlyMap<string, DomainInfo>): readonly Piece[] => {
  const pieces: Piece[] = [];
  for (const { address, size } of ranges) {
    for (let done = 0; done < size; ) {
      const piece = pieceAt(address + done, size - done, domains);
      pieces.push(piece);
      done += piece.size;
    }
  }
  return pieces;
};

/** What a read asks of the device, and how its answer is put together. */
export interface ReadPlan {
  readonly steps: readonly Step[];
  assemble(reads: readonly Uint8Array[]): Uint8Array;
}

/** Throws `address_unmapped` for memory the device does not have. */
export const planRead = (ranges: readonly AddressRange[], domains: ReadonlyMap<string, DomainInfo>): ReadPlan => {
  const pieces = piecesOf(ranges, domains);
  const size = totalSize(ranges);
  return {
    steps: pieces.flatMap(({ at, size }) => (at ? [{ kind: 'read', at, size } as const] : [])),
    assemble: (reads) => {
      const answer = new Uint8Array(size);
      let place = 0;
      let next = 0;
      for (const piece of pieces) {
        const bytes = piece.at ? reads[next++] : undefined;
        if (bytes) answer.set(bytes, place);
        place += piece.size;
      }
      return answer;
    },
  };
};

/** Throws `address_unmapped` or `domain_read_only` where any byte of it cannot be written. */
export const planWrite = (
  ranges: readonly AddressRange[],
  data: Uint8Array,
  domains: ReadonlyMap<string, DomainInfo>,
): readonly Step[] => {
  let place = 0;
  return piecesOf(ranges, domains).map(({ address, at, size, writable }) => {
    if (!at) throw unmapped(address);
    if (writable === false) throw new CausewayError('domain_read_only', `This device writes no ${at.domain}.`);
    const step = { kind: 'write', at, data: data.slice(place, place + size) } as const;
    place += size;
    return step;
  });
};
