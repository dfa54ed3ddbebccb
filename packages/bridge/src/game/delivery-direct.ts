import type { ReceivedItem } from '../multiworld/room.js';
import type { Write } from './contract.js';
import { type CounterOptions, counterDelivery, type Delivery } from './delivery.js';
import type { MemoryView } from './memory-view.js';

export interface DirectOptions extends CounterOptions {
  /**
   * The writes that give `item`: one more key, a capped amount of gold. Computed from what is seen, and guarded by it, so
   * that nothing the game changes meanwhile is overwritten.
   */
  readonly apply: (item: ReceivedItem, memory: MemoryView) => readonly Write[];
}

/**
 * Effects written straight into the inventory, with a counter in memory that only the client advances (Mega Man 2, Final
 * Fantasy, …). Exactly once where a batch is atomic. Where it is not, a link lost between the effect and the counter
 * leaves no trace of which was done, and the entry is given again: no client can do better without the game's help.
 */
export const directDelivery = ({ apply, ...options }: DirectOptions): Delivery =>
  counterDelivery({ ...options, advancedBy: 'client', writes: apply });
