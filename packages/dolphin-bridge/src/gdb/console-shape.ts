import { CausewayError } from '@causeway/protocol/errors';
import { LOCKED_CACHE_SIZE, roundUp } from '../arena/arena-layout.js';
import { readGuest } from './gdb-memory.js';
import type { GdbSession } from './gdb-session.js';

/** How the console's memory lies in guest addresses, and where each piece lies in an arena. Sizes and offsets in bytes. */
export interface ConsoleShape {
  /** Real size of MEM1. */
  readonly mem1: number;
  /** Offset of the locked cache: MEM1 rounded up to a power of two. */
  readonly lockedCacheAt: number;
  /** MEM2 of a Wii: offset and real size. */
  readonly mem2?: { readonly at: number; readonly size: number };
  readonly arenaSize: number;
}

export const MEM1_ADDRESS = 0x8000_0000;
export const MEM2_ADDRESS = 0x9000_0000;
const MIB = 0x10_0000;
const MEM1_USUAL = 24 * MIB;
const MEM2_USUAL = 64 * MIB;
/** Addresses of the sizes that the console's own start-up code leaves (source: the table of low memory in the specification). */
const MEM1_SIZE_AT = 0x8000_0028;
const MEM2_SIZE_AT = 0x8000_3118;

const readWord = async (session: GdbSession, address: number, signal?: AbortSignal): Promise<number> => {
  const word = new Uint8Array(4);
  await readGuest(session, address, word, signal);
  return new DataView(word.buffer).getUint32(0);
};

const isMapped = async (session: GdbSession, address: number, signal?: AbortSignal): Promise<boolean> => {
  try {
    await readWord(session, address, signal);
    return true;
  } catch (error) {
    if (CausewayError.is(error) && error.code === 'address_unmapped') return false;
    throw error;
  }
};

/** A size a console can have: Dolphin's memory override goes from the usual size up to twice 64 MiB. */
const plausible = (size: number, usual: number): number =>
  size >= usual && size <= 128 * MIB && size % MIB === 0 ? size : usual;

/**
 * Finds out which console this is: only a Wii has memory at 0x90000000. The fake VMEM of the GameCube stays hidden, because asking
 * for it where the game has mapped none hangs Dolphin.
 */
export const askConsoleShape = async (session: GdbSession, signal?: AbortSignal): Promise<ConsoleShape> => {
  const mem1 = plausible(await readWord(session, MEM1_SIZE_AT, signal), MEM1_USUAL);
  const lockedCacheAt = roundUp(mem1);
  const base = lockedCacheAt + LOCKED_CACHE_SIZE;
  if (!(await isMapped(session, MEM2_ADDRESS, signal))) return { mem1, lockedCacheAt, arenaSize: base };
  const size = plausible(await readWord(session, MEM2_SIZE_AT, signal), MEM2_USUAL);
  return { mem1, lockedCacheAt, mem2: { at: base, size }, arenaSize: base + roundUp(size) };
};

/** Guest address of an arena offset, where `size` bytes from there lie inside one piece of memory. */
export const guestAddress = (shape: ConsoleShape, offset: number, size: number): number => {
  const { mem1, mem2 } = shape;
  if (offset >= 0 && offset + size <= mem1) return MEM1_ADDRESS + offset;
  if (mem2 && offset >= mem2.at && offset + size <= mem2.at + mem2.size) return MEM2_ADDRESS + offset - mem2.at;
  throw new CausewayError(
    'address_unmapped',
    `Dolphin’s debugger connection reaches no memory at arena offset ${offset}.`,
  );
};
