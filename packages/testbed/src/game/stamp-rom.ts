import { CausewayError } from '@causeway/protocol/errors';
import { type DeliveryModel, fits, readIdent, writeIdent } from './identification.js';
import { IDENT, INES_HEADER_SIZE } from './memory-map.js';

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

export interface StampOptions {
  /** The slot it connects as: 1 to 64 bytes of UTF-8. */
  readonly slotName: string;
  /** Seed name of the room it is for, at most 64 bytes of UTF-8. Empty: any room. */
  readonly seed?: string;
  /** Default `game`. */
  readonly delivery?: DeliveryModel;
  /** Whether deaths are shared. Default `false`. */
  readonly deathLink?: boolean;
}

/**
 * A copy of the game for one slot. Pure: the image given stays as it is. Stamping a stamped copy replaces its stamp.
 *
 * Throws `rom_not_recognised` when `rom` is no `.nes` image of this version of the game, `usage` when a name does not fit.
 */
export const stampRom = (rom: Uint8Array, options: StampOptions): Uint8Array => {
  const { slotName, seed = '', delivery = 'game', deathLink = false } = options;
  if (slotName === '' || !fits(slotName, IDENT.slotName)) {
    throw new CausewayError('usage', `The slot name must be 1 to ${IDENT.slotName.size} bytes of text.`, {
      context: { slotName, why: `"${slotName}" takes ${byteLength(slotName)}.` },
    });
  }
  if (!fits(seed, IDENT.seed)) {
    throw new CausewayError('usage', `The seed must be at most ${IDENT.seed.size} bytes of text.`, {
      context: { seed, why: `"${seed}" takes ${byteLength(seed)}.` },
    });
  }
  const copy = Uint8Array.from(rom);
  const block = copy.subarray(INES_HEADER_SIZE, INES_HEADER_SIZE + IDENT.block.size);
  const { kind } = readIdent(block);
  if (kind === 'foreign' || kind === 'version') {
    throw new CausewayError('rom_not_recognised', 'This file is not an Emberwalk ROM of this version.');
  }
  writeIdent(block, { slotName, seed, delivery, deathLink });
  return copy;
};
