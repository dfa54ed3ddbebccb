import type { NetworkItem } from '@causeway/protocol/archipelago';
import type { ReceivedItem } from './room.js';

export type ItemChange =
  | { readonly kind: 'none' }
  /** New entries at the end of what we had. */
  | { readonly kind: 'appended'; readonly items: readonly ReceivedItem[] }
  /** The list is another one: shorter, or different where we had entries. `items` is all of it. */
  | { readonly kind: 'replaced'; readonly items: readonly ReceivedItem[] }
  /** Something is missing in between, or contradicts what we have: ask for the whole list. */
  | { readonly kind: 'gap' };

const NONE: ItemChange = { kind: 'none' };

const same = (a: ReceivedItem | undefined, b: ReceivedItem): boolean =>
  a !== undefined && a.item === b.item && a.location === b.location && a.player === b.player && a.flags === b.flags;

/**
 * The received-item list of one slot, by the rule of `archipelago.md` §8.3.
 *
 * It outlives connections: the list a new login sends is compared with the one of the last, so that only what is new is
 * reported as new.
 */
export class ItemList {
  #items: readonly ReceivedItem[] = [];
  /** Whether entries were missing and the whole list is on its way; until it comes, other packets may carry old indexes. */
  #resyncing = false;
  /** Whether this connection has sent the list from its beginning. Before, nothing else can be placed. */
  #based = false;
  /** Whether the server was told to send other items and has not answered for it: what comes now is of the old list. */
  #switching = false;

  get items(): readonly ReceivedItem[] {
    return this.#items;
  }

  get resyncing(): boolean {
    return this.#resyncing;
  }

  /** A new login: the server starts again from index 0. */
  begin(): void {
    this.#resyncing = false;
    this.#based = false;
    this.#switching = false;
  }

  /** The server is told to send other items, so that every index changes its meaning. */
  beginSwitch(): void {
    this.#switching = true;
    this.#resyncing = false;
  }

  /** From here on the server sends the new list. Until it comes from its beginning, nothing can be placed. */
  switched(): void {
    this.#switching = false;
    this.#resyncing = true;
    this.#based = false;
  }

  /** The server has sent the new list, if there is one: none at all means that it is empty. */
  endSwitch(): ItemChange {
    if (this.#based) return NONE;
    this.#resyncing = false;
    return this.settle();
  }

  /**
   * The login is answered and everything that came with it has been read. A server with an empty list sends none at all,
   * so what we still hold from before is no longer true.
   */
  settle(): ItemChange {
    if (this.#based || this.#resyncing || this.#switching) return NONE;
    this.#based = true;
    return this.#replace([]);
  }

  apply(index: number, entries: readonly NetworkItem[]): ItemChange {
    if (this.#switching) return NONE;
    const incoming = entries.map(({ item, location, player, flags }, offset) => ({
      index: index + offset,
      item,
      location,
      player,
      flags,
    }));
    if (index === 0) {
      this.#resyncing = false;
      this.#based = true;
      return this.#replace(incoming);
    }
    if (this.#resyncing) return NONE;
    // Before its first index 0, this connection's list is not ours: the server may have lost its save.
    if (!this.#based || index < 0 || index > this.#items.length) return this.#gap();
    const overlap = incoming.slice(0, this.#items.length - index);
    if (!overlap.every((item) => same(this.#items[item.index], item))) return this.#gap();
    return this.#append(incoming.slice(overlap.length));
  }

  #append(items: readonly ReceivedItem[]): ItemChange {
    if (items.length === 0) return NONE;
    this.#items = [...this.#items, ...items];
    return { kind: 'appended', items };
  }

  #replace(items: readonly ReceivedItem[]): ItemChange {
    const known = this.#items;
    const continues = items.length >= known.length && known.every((entry, index) => same(items[index], entry));
    if (continues) return this.#append(items.slice(known.length));
    this.#items = items;
    return { kind: 'replaced', items };
  }

  #gap(): ItemChange {
    this.#resyncing = true;
    return { kind: 'gap' };
  }
}
