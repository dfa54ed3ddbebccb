import { type Delivery, type MemoryView, mailboxDelivery, readCell, slotArrayDelivery } from '@causeway/bridge/game';
import type { ReceivedItem } from '@causeway/bridge/multiworld';
import { ITEMS } from './facts.js';
import { encodeMail } from './mail.js';
import { FREE, IDENT, SCENES, STATE, UNKNOWN_ITEM } from './memory-map.js';

const CODE_OF_ITEM = new Map(ITEMS.map(({ id, code }) => [id, code]));
const codeOf = ({ item }: ReceivedItem): number => CODE_OF_ITEM.get(item) ?? UNKNOWN_ITEM;

/** The copy in memory is the one the choice was made by, and the keeper is in a stage. */
const takesItems = (memory: MemoryView): boolean =>
  memory.bytes(IDENT.head).length > 0 && readCell(memory, STATE.scene) === SCENES.game;

/** One word, numbered: whatever becomes of the write, the game takes each entry once. */
const numberedMailbox = mailboxDelivery({
  counter: STATE.taken,
  advancedBy: 'game',
  ready: (memory) => takesItems(memory) && readCell(memory, STATE.mail) === 0,
  writes: (item) => [{ at: STATE.mail, data: encodeMail(codeOf(item), item.index) }],
});

/**
 * As The Wind Waker's client does it: the items first, the count after. Of two unnumbered writes one can be lost with the link, and
 * the items come twice. Filled only when it is empty, or a later item would be taken before an earlier one.
 */
const slots = slotArrayDelivery({
  counter: STATE.expected,
  slots: { domain: STATE.give.domain, offset: STATE.give.offset, width: 1, count: STATE.give.size },
  free: ([code]) => code === FREE,
  encode: (item) => Uint8Array.of(codeOf(item)),
  ready: (memory) => takesItems(memory) && memory.bytes(STATE.give).every((code) => code === FREE),
});

/** What lies in the array is counted by the client but not taken yet; the bag says what is. */
const giveArray: Delivery = { ...slots, received: (memory) => readCell(memory, STATE.taken) };

/** How this copy of the game takes items: its stamp says so. */
export const deliveryOf = (memory: MemoryView): Delivery =>
  readCell(memory, IDENT.delivery) === 1 ? giveArray : numberedMailbox;
