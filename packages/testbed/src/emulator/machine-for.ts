import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { CausewayError } from '@causeway/protocol/errors';
import type { Machine } from './machine.js';
import { NesMachine } from './nes-machine.js';

/**
 * Builds the machine for a ROM.
 *
 * @throws `file_unreadable`
 */
export const machineFor = (rom: string | Uint8Array | Machine): Machine => {
  if (rom instanceof Uint8Array) return new NesMachine(rom, 'game');
  if (typeof rom !== 'string') return rom;
  try {
    return new NesMachine(readFileSync(rom), basename(rom, extname(rom)));
  } catch (cause) {
    if (CausewayError.is(cause)) throw cause;
    throw new CausewayError('file_unreadable', `cannot read the ROM ${rom}`, { cause });
  }
};
