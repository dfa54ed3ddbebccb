import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CausewayError } from '@causeway/protocol/errors';
import { IDENT_SIZE, NAME_SIZE, writeIdent } from './identification.js';

/** Ways to lay a cartridge out on the console's bus. */
export const CARTRIDGE_MAPPINGS = ['lorom', 'hirom', 'exhirom'] as const;
export type CartridgeMapping = (typeof CARTRIDGE_MAPPINGS)[number];

export interface CartridgeOptions {
  readonly mapping: CartridgeMapping;
  /** Slot the copy is for, 1 to 48 bytes of UTF-8. */
  readonly slotName: string;
  /** Seed name of the room it is made for, at most 48 bytes; empty (default) fits any room. */
  readonly seed?: string;
  /** Frames between the chests that the keeper opens by itself. Default 0: none. */
  readonly autoplay?: number;
  /** Whether deaths are shared. Default `false`. */
  readonly deathLink?: boolean;
}

const BLOCK_SIZE = 0x8000;
/** Where in the ROM file the code block lies, and how long the file is. */
const LAYOUT: Readonly<Record<CartridgeMapping, { readonly size: number; readonly blocks: readonly number[] }>> = {
  lorom: { size: 0x02_0000, blocks: [0x00_0000] },
  hirom: { size: 0x02_0000, blocks: [0x00_8000] },
  // Some programs look for the header of every large cartridge in the first bank: it stands there as well.
  exhirom: { size: 0x60_0000, blocks: [0x40_8000, 0x00_8000] },
};
/** Of the identification and of complement and checksum, within a block. */
const AT = { ident: 0x6000, complement: 0x7fdc, checksum: 0x7fde } as const;

/** From `src/snes-game` and `dist/snes-game`, and from bundles right below `dist`. */
const PLACES = ['../../snes/', '../snes/'];

/** The code block as it ships: not stamped for anybody. Throws `file_unreadable` when it is missing. */
export const readBlock = (mapping: CartridgeMapping): Uint8Array => {
  const paths = PLACES.map((place) => fileURLToPath(new URL(`${place}marshlight-${mapping}.bin`, import.meta.url)));
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined) return Uint8Array.from(readFileSync(found));
  throw new CausewayError('file_unreadable', 'The game is missing from this installation.', { context: { paths } });
};

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

const checkName = (what: string, text: string, least: number): void => {
  const whole = new TextDecoder().decode(new TextEncoder().encode(text)) === text;
  if (whole && !text.includes('\0') && byteLength(text) >= least && byteLength(text) <= NAME_SIZE) return;
  throw new CausewayError('usage', `The ${what} must be ${least} to ${NAME_SIZE} bytes of text.`, {
    context: { value: text, why: `"${text}" takes ${byteLength(text)}.` },
  });
};

const sumOf = (bytes: Uint8Array): number => {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum;
};

/** A size that is no power of two counts its smaller part as often as it takes to fill up. */
const romSum = (rom: Uint8Array): number => {
  const whole = 2 ** Math.floor(Math.log2(rom.length));
  const rest = rom.subarray(whole);
  return sumOf(rom.subarray(0, whole)) + (rest.length === 0 ? 0 : sumOf(rest) * (whole / rest.length));
};

const fixChecksum = (rom: Uint8Array, blocks: readonly number[]): void => {
  const view = new DataView(rom.buffer);
  const put = (complement: number, checksum: number): void => {
    for (const at of blocks) {
      view.setUint16(at + AT.complement, complement, true);
      view.setUint16(at + AT.checksum, checksum, true);
    }
  };
  put(0xffff, 0);
  const sum = romSum(rom) & 0xffff;
  put(sum ^ 0xffff, sum);
};

/**
 * The ROM file of one slot. Outside the code block each aligned word of four bytes is its own offset in the file, little-endian,
 * so that whoever reads it knows which place it came from.
 *
 * Throws `usage` when a name does not fit.
 */
export const buildCartridge = (options: CartridgeOptions): Uint8Array => {
  const { mapping, slotName, seed = '', autoplay = 0, deathLink = false } = options;
  checkName('slot name', slotName, 1);
  checkName('seed', seed, 0);
  const { size, blocks } = LAYOUT[mapping];
  const rom = new Uint8Array(size);
  const view = new DataView(rom.buffer);
  for (let at = 0; at < size; at += 4) view.setUint32(at, at, true);
  const block = readBlock(mapping);
  if (block.length !== BLOCK_SIZE) throw new CausewayError('rom_not_recognised', 'The code block has a wrong size.');
  writeIdent(block.subarray(AT.ident, AT.ident + IDENT_SIZE), { slotName, seed, autoplay, deathLink });
  for (const at of blocks) rom.set(block, at);
  fixChecksum(rom, blocks);
  return rom;
};
