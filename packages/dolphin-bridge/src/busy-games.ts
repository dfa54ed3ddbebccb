import type { DolphinArena } from './access/dolphin-source.js';

/**
 * Games that another bridge was found to write to. They are not opened again before it lets go: each time we would only find out
 * anew, with the first write, and come and go for ever.
 */
export class BusyGames {
  readonly #keys = new Set<string>();

  add({ key }: DolphinArena): void {
    this.#keys.add(key);
  }

  /** Rejects with `device_busy` while such a game is still written to by another. */
  async check(arena: DolphinArena): Promise<void> {
    if (!this.#keys.has(arena.key)) return;
    const release = await arena.claimWriting?.();
    release?.();
    this.#keys.delete(arena.key);
  }
}
