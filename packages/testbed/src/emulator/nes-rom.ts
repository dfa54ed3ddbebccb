import { createHash } from 'node:crypto';
import { CausewayError } from '@causeway/protocol/errors';
import type { RomFacts } from './machine.js';

const HEADER_BYTES = 16;
const TRAINER_BYTES = 512;
const PRG_UNIT = 0x4000;
const CHR_UNIT = 0x2000;

/** What an iNES header says, and the image behind it. */
export interface NesRom extends RomFacts {
  readonly image: Uint8Array;
  /** Program, in bytes from the start of the file. */
  readonly prgOffset: number;
  readonly prgSize: number;
  readonly chrOffset: number;
  /** 0: the cartridge has character RAM instead. */
  readonly chrSize: number;
  readonly mapper: number;
  readonly battery: boolean;
}

/**
 * Reads an iNES image.
 *
 * @param name what the game is called, usually the file's name without extension
 * @throws `file_unreadable` when this is no iNES file or its end is missing
 */
export const parseNesRom = (image: Uint8Array, name: string): NesRom => {
  if (image.length < HEADER_BYTES || Buffer.from(image.subarray(0, 4)).toString('latin1') !== 'NES\x1a') {
    throw new CausewayError('file_unreadable', `${name} is no NES ROM: the iNES header is missing`);
  }
  const [prgUnits = 0, chrUnits = 0, flags6 = 0, flags7 = 0] = image.subarray(4, 8);
  const prgOffset = HEADER_BYTES + ((flags6 & 4) !== 0 ? TRAINER_BYTES : 0);
  const prgSize = prgUnits * PRG_UNIT;
  const chrOffset = prgOffset + prgSize;
  const chrSize = chrUnits * CHR_UNIT;
  if (prgUnits === 0 || image.length < chrOffset + chrSize) {
    throw new CausewayError('file_unreadable', `${name} is no whole NES ROM`, {
      context: { size: image.length, expected: chrOffset + chrSize },
    });
  }
  return {
    name,
    hash: createHash('sha1').update(image).digest('hex').toUpperCase(),
    image,
    prgOffset,
    prgSize,
    chrOffset,
    chrSize,
    mapper: (flags6 >> 4) | (flags7 & 0xf0),
    battery: (flags6 & 2) !== 0,
  };
};
