import type { ReceivedItem } from '../multiworld/room.js';
import type { Write } from './contract.js';
import { type CounterOptions, counterDelivery, type Delivery } from './delivery.js';
import type { MemoryView } from './memory-view.js';

export interface MailboxOptions extends CounterOptions {
  /**
   * Who counts an entry as taken.
   *
   * - `game`: the game empties the mailbox and counts in one go. The best there is: what is in the mailbox is not counted yet.
   * - `client`: the write that fills the mailbox counts. Mailbox and counter must then share one fate: the same save, the same
   *   save state; a mailbox that a reset clears while the counter stays loses what was in it.
   */
  readonly advancedBy: 'game' | 'client';
  /** Whether the mailbox is empty and the game takes items now. Look at memory through the view: what was seen is guarded. */
  readonly ready: (memory: MemoryView, item: ReceivedItem) => boolean;
  /**
   * Fills the mailbox. Put what makes it valid last, or better all of it into one write: devices without `atomicBatch` tear
   * between writes. Where the game can compare it, add `item.index`: then nothing written late or after a rollback is ever
   * taken for another entry, on any device.
   */
  readonly writes: (item: ReceivedItem, memory: MemoryView) => readonly Write[];
}

/** One mailbox that holds one entry (Pokémon Emerald, A Link to the Past, …). */
export const mailboxDelivery = (options: MailboxOptions): Delivery => counterDelivery(options);
