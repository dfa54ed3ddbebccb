import type { SnesMapping } from './bus.js';

/** Bytes of a cartridge's header with its vectors, from xxFFB0 on. */
export const SNES_HEADER_SIZE = 0x50;

/** Where a header may stand in a ROM file without copier header. */
export const SNES_HEADER_OFFSETS = [0x00_7fb0, 0x00_ffb0, 0x40_ffb0] as const;
export type SnesHeaderOffset = (typeof SNES_HEADER_OFFSETS)[number];

/** A processor on the cartridge that shares its memory, so that the console's bus alone does not show it. */
export type SnesCoprocessor = 'sa1' | 'gsu';

export interface SnesHeader {
  /** Offset in the ROM file at which it stands. */
  readonly offset: SnesHeaderOffset;
  readonly mapping: SnesMapping;
  readonly coprocessor?: SnesCoprocessor;
  /** 21 bytes of title as ASCII, without the padding at its end; other bytes become `?`. */
  readonly title: string;
  /** The 21 bytes of the title as they stand: what identifies patched games. */
  readonly titleBytes: Uint8Array;
  /** As the header states it, bytes; the file may differ. */
  readonly romSize: number;
  /** Save RAM, bytes; 0 where there is none. */
  readonly sramSize: number;
  readonly region: number;
  readonly version: number;
  /** Whether checksum and complement belong together. Patched ROMs often have a wrong one. */
  readonly checksumValid: boolean;
  /** How much speaks for it being a header, about 0 to 25; see {@link MIN_SCORE}. */
  readonly score: number;
}

/** Less than this is what random bytes score. */
export const MIN_SCORE = 8;

const AT = {
  title: 0x10,
  mode: 0x25,
  type: 0x26,
  romSize: 0x27,
  ramSize: 0x28,
  region: 0x29,
  developer: 0x2a,
} as const;
const TITLE_SIZE = 21;
const VERSION = 0x2b;
const COMPLEMENT = 0x2c;
const CHECKSUM = 0x2e;
/** COP, BRK, ABORT, NMI and IRQ of native mode, then COP, ABORT, NMI and IRQ of emulation mode. */
const VECTORS = [0x34, 0x36, 0x38, 0x3a, 0x3e, 0x44, 0x48, 0x4a, 0x4e] as const;
const RESET = 0x4c;
const EXTENDED = 0x33;
/** Highest exponents that real cartridges use. */
const LARGEST = { rom: 0x0f, ram: 0x07 } as const;

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
const kib = (exponent: number, largest: number): number => (exponent > 0 && exponent <= largest ? 1024 << exponent : 0);

const textOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : byte === 0 ? ' ' : '?'))
    .join('')
    .trimEnd();

const isGsu = (mode: number, type: number): boolean =>
  mode === 0x20 && ((type >= 0x13 && type <= 0x15) || type === 0x1a);
const isSa1 = (mode: number, type: number): boolean =>
  mode === 0x23 && (type === 0x32 || type === 0x34 || type === 0x35);

/** Map modes, the bit for fast ROM masked. Others are guessed by bit 0, which says HiROM. */
const mappingOf = (mode: number): SnesMapping => {
  switch (mode) {
    case 0x20:
    case 0x22:
      return 'lorom';
    case 0x21:
      return 'hirom';
    case 0x23:
      return 'sa1';
    case 0x25:
      return 'exhirom';
    default:
      return (mode & 1) === 0 ? 'lorom' : 'hirom';
  }
};

const fits = (mode: number, offset: SnesHeaderOffset): boolean =>
  offset === 0x00_7fb0 ? [0x20, 0x22, 0x23].includes(mode) : mode === (offset === 0x00_ffb0 ? 0x21 : 0x25);

const scoreOf = (bytes: Uint8Array, offset: SnesHeaderOffset, mode: number, checksumValid: boolean): number => {
  if (u16(bytes, RESET) < 0x8000) return 0;
  const vectors = VECTORS.filter((at) => u16(bytes, at) >= 0x8000).length;
  const plausible = [
    (bytes[AT.type] ?? 0xff) < 0x08,
    (bytes[AT.romSize] ?? 0xff) < 0x10,
    (bytes[AT.ramSize] ?? 0xff) < 0x08,
    (bytes[AT.region] ?? 0xff) < 0x0e,
  ].filter(Boolean).length;
  // Erased memory has vectors enough.
  if (plausible === 0) return 0;
  const extended = bytes[AT.developer] === EXTENDED ? 2 : 0;
  return vectors + plausible + extended + (checksumValid ? 8 : 0) + (fits(mode, offset) ? 2 : 0);
};

/**
 * Reads the bytes at one of {@link SNES_HEADER_OFFSETS} as a header. Its `score` says how likely it is one.
 *
 * @returns nothing when fewer than {@link SNES_HEADER_SIZE} bytes are given
 */
export const parseSnesHeader = (bytes: Uint8Array, offset: SnesHeaderOffset): SnesHeader | undefined => {
  if (bytes.length < SNES_HEADER_SIZE) return undefined;
  const mode = (bytes[AT.mode] ?? 0) & ~0x10;
  const type = bytes[AT.type] ?? 0;
  const complement = u16(bytes, COMPLEMENT);
  const checksum = u16(bytes, CHECKSUM);
  const checksumValid = complement !== 0 && checksum !== 0 && (complement ^ checksum) === 0xffff;
  const coprocessor = isSa1(mode, type) ? 'sa1' : isGsu(mode, type) ? 'gsu' : undefined;
  const titleBytes = bytes.slice(AT.title, AT.title + TITLE_SIZE);
  return {
    offset,
    mapping: mappingOf(mode),
    ...(coprocessor === undefined ? {} : { coprocessor }),
    title: textOf(titleBytes),
    titleBytes,
    romSize: kib(bytes[AT.romSize] ?? 0, LARGEST.rom),
    sramSize: kib(bytes[AT.ramSize] ?? 0, LARGEST.ram),
    region: bytes[AT.region] ?? 0,
    version: bytes[VERSION] ?? 0,
    checksumValid,
    score: scoreOf(bytes, offset, mode, checksumValid),
  };
};

/** The likeliest of several, or nothing when none of them looks like a header. */
export const chooseSnesHeader = (candidates: readonly (SnesHeader | undefined)[]): SnesHeader | undefined => {
  let best: SnesHeader | undefined;
  for (const candidate of candidates) {
    if (candidate && candidate.score >= MIN_SCORE && candidate.score > (best?.score ?? 0)) best = candidate;
  }
  return best;
};

/** Bytes that some copiers put before the ROM: files that carry them are 512 bytes longer than a whole number of KiB. */
export const COPIER_HEADER_SIZE = 0x200;

export const hasCopierHeader = (fileSize: number): boolean => fileSize % 0x400 === COPIER_HEADER_SIZE;

/** The header of a ROM file. `rom` must begin with the ROM itself, see {@link hasCopierHeader}. */
export const findSnesHeader = (rom: Uint8Array): SnesHeader | undefined =>
  chooseSnesHeader(
    SNES_HEADER_OFFSETS.map((offset) => parseSnesHeader(rom.subarray(offset, offset + SNES_HEADER_SIZE), offset)),
  );
