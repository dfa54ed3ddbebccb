import { type MemoryView, mailboxDelivery, readCell } from '@causeway/bridge/game';
import type { ReceivedItem } from '@causeway/bridge/multiworld';
import { ITEMS } from './facts.js';
import { BAG_SIZE, MODES, STATE, UNKNOWN_ITEM } from './memory-map.js';

const CODE_OF_ITEM = new Map(ITEMS.map(({ id, code }) => [id, code]));

/** Number, code and sender; see `STATE.mail`. */
const encodeMail = ({ item, index, player }: ReceivedItem): Uint8Array => {
  const mail = new DataView(new ArrayBuffer(STATE.mail.size));
  mail.setUint16(0, index + 1, true);
  mail.setUint16(2, CODE_OF_ITEM.get(item) ?? UNKNOWN_ITEM, true);
  mail.setUint16(4, player & 0xffff, true);
  return new Uint8Array(mail.buffer);
};

/** What must not change between look and write, besides the counter: this game, this save, in the marsh, the mailbox empty. */
const SAME = [STATE.magic, STATE.ownerName, STATE.ownerSeed];

const ready = (memory: MemoryView): boolean => {
  for (const region of SAME) memory.bytes(region);
  return (
    readCell(memory, STATE.mode) === MODES.playing &&
    readCell(memory, STATE.mailFull) === 0 &&
    readCell(memory, STATE.taken) < BAG_SIZE
  );
};

/**
 * Numbered, and counted by the game: whatever becomes of a write, each entry is taken once. The flag goes last, in a write of its
 * own: on devices that write in several steps the game must not see it before the rest.
 */
export const delivery = mailboxDelivery({
  counter: STATE.taken,
  advancedBy: 'game',
  reads: [STATE.head],
  ready,
  writes: (item) => [
    { at: STATE.mail, data: encodeMail(item) },
    { at: STATE.mailFull, data: Uint8Array.of(1) },
  ],
});
