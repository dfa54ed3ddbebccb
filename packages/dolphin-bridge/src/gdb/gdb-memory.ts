import { CausewayError } from '@causeway/protocol/errors';
import type { GdbSession } from './gdb-session.js';

/** Bytes per packet; more did not fit into Dolphin's buffer of 10,000 characters. What one packet reads is of one moment. */
export const GDB_PACKET_BYTES = 4_900;

const HEX = /^[0-9a-f]*$/i;
/** No memory is mapped at this guest address. */
const UNMAPPED = 'E00';

const unmapped = (address: number, size: number): CausewayError =>
  new CausewayError('address_unmapped', `Dolphin has no memory at 0x${address.toString(16)} (${size} bytes).`);

const unexpected = (answer: string): CausewayError =>
  new CausewayError(
    'protocol_unexpected',
    `Dolphin’s debugger connection answered ${JSON.stringify(answer.slice(0, 40))}.`,
  );

/**
 * Fills `target` from a guest address, in packets. Throws `address_unmapped` where the game has mapped nothing.
 *
 * Only ask for addresses of MEM1 and MEM2: Dolphin 5.0-17995 hangs for ever when asked for fake VMEM (0x7E000000) that the game
 * has not mapped.
 */
export const readGuest = async (
  session: GdbSession,
  address: number,
  target: Uint8Array,
  signal?: AbortSignal,
): Promise<void> => {
  for (let done = 0; done < target.length; done += GDB_PACKET_BYTES) {
    const part = target.subarray(done, done + GDB_PACKET_BYTES);
    const at = address + done;
    const answer = await session.ask(`m${at.toString(16)},${part.length.toString(16)}`, signal);
    if (answer === UNMAPPED) throw unmapped(at, part.length);
    if (answer.length !== part.length * 2 || !HEX.test(answer)) throw unexpected(answer);
    part.set(Buffer.from(answer, 'hex'));
  }
};

/** Writes to a guest address, in packets, in order. The game sees each packet's bytes all at once. Throws as {@link readGuest}. */
export const writeGuest = async (
  session: GdbSession,
  address: number,
  data: Uint8Array,
  signal?: AbortSignal,
): Promise<void> => {
  for (let done = 0; done < data.length; done += GDB_PACKET_BYTES) {
    const part = data.subarray(done, done + GDB_PACKET_BYTES);
    const at = address + done;
    const hex = Buffer.from(part).toString('hex');
    const answer = await session.ask(`M${at.toString(16)},${part.length.toString(16)}:${hex}`, signal);
    if (answer === UNMAPPED) throw unmapped(at, part.length);
    if (answer !== 'OK') throw unexpected(answer);
  }
};
