import {
  chooseSnesHeader,
  parseSnesHeader,
  SNES_HEADER_OFFSETS,
  SNES_HEADER_SIZE,
  type SnesHeader,
} from '@causeway/protocol/snes';

/** What can be read of a cartridge at the places where a header may be. */
export interface Cartridge {
  /** Where in ROM the bytes that tell this game from others lie. */
  readonly headerAddress: number;
  /** They themselves. */
  readonly headerBytes: Uint8Array;
  /** Missing where none of the places holds a header. */
  readonly header?: SnesHeader;
  /** Whether a chip other than a DSP sits beside the ROM. */
  readonly hasChip: boolean;
}

const TYPE = 0x26;
/** Cartridge types without any chip; above, the high nibble says which chip. */
const FIRST_WITH_CHIP = 0x03;
const DSP = 0x00;

/** Whether a header names a chip other than a DSP: cartridges like the FX Pak Pro show no work RAM of such games. */
export const hasChip = (bytes: Uint8Array): boolean => {
  const type = bytes[TYPE] ?? 0;
  return type >= FIRST_WITH_CHIP && (type & 0xf0) !== DSP;
};

/** Zeros are what SNI answers for what it cannot read, and an open bus repeats itself: neither proves that a game is there. */
const provesNothing = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === bytes[0]);

/**
 * Finds the header of the ROM that is loaded. `undefined` when nothing shows that there is a ROM at all.
 *
 * @param read reads ROM at an offset
 */
export const readCartridge = async (
  read: (address: number, size: number) => Promise<Uint8Array>,
): Promise<Cartridge | undefined> => {
  const candidates = new Map<number, { readonly bytes: Uint8Array; readonly header: SnesHeader | undefined }>();
  for (const offset of SNES_HEADER_OFFSETS) {
    const bytes = await read(offset, SNES_HEADER_SIZE);
    if (!provesNothing(bytes)) candidates.set(offset, { bytes, header: parseSnesHeader(bytes, offset) });
    const header = chooseSnesHeader([...candidates.values()].map((candidate) => candidate.header));
    const found = header && candidates.get(header.offset);
    // The last place is behind the end of most ROMs, where a server may do worse than answer zeros: only if it must be.
    if (found && offset !== SNES_HEADER_OFFSETS[0]) {
      return { headerAddress: header.offset, headerBytes: found.bytes, header, hasChip: hasChip(found.bytes) };
    }
  }
  const [first] = candidates;
  return first && { headerAddress: first[0], headerBytes: first[1].bytes, hasChip: false };
};
