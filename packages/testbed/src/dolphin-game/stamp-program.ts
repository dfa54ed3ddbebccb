import { CausewayError } from '@causeway/protocol/errors';
import { fits } from '../game/identification.js';
import type { StampOptions } from '../game/stamp-rom.js';
import { fileOffsetOf } from './dol-file.js';
import { readIdent, writeIdent } from './identification.js';
import { IDENT, MEM1_BASE } from './memory-map.js';

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

const tooLong = (what: string, value: string, limit: string): CausewayError =>
  new CausewayError('usage', `The ${what} must be ${limit} bytes of text.`, {
    context: { value, why: `"${value}" takes ${byteLength(value)}.` },
  });

/**
 * A copy of the program for one slot. Pure: the program given stays as it is. Stamping a stamped copy replaces its stamp.
 *
 * Throws `rom_not_recognised` when `program` is no DOL of this version of the game, `usage` when a name does not fit.
 */
export const stampProgram = (program: Uint8Array, options: StampOptions): Uint8Array => {
  const { slotName, seed = '', delivery = 'game', deathLink = false } = options;
  if (slotName === '' || !fits(slotName, IDENT.slotName)) {
    throw tooLong('slot name', slotName, `1 to ${IDENT.slotName.size}`);
  }
  if (!fits(seed, IDENT.seed)) throw tooLong('seed', seed, `at most ${IDENT.seed.size}`);
  const copy = Uint8Array.from(program);
  const at = fileOffsetOf(copy, MEM1_BASE + IDENT.block.offset, IDENT.block.size);
  const block = at === undefined ? new Uint8Array() : copy.subarray(at, at + IDENT.block.size);
  const { kind } = readIdent(block);
  if (kind === 'foreign' || kind === 'version') {
    throw new CausewayError('rom_not_recognised', 'This file is not a Rillgate program of this version.');
  }
  writeIdent(block, { slotName, seed, delivery, deathLink });
  return copy;
};
