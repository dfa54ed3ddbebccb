import type { ArenaAccess, ArenaEnding } from './arena-access.js';

/** Reads after which a faster way pays: a command that looks once is over before it would be there. */
const READS_FIRST = 8;

/**
 * Begins with a way that is there at once, and goes over to a faster one when it is used again and again. Both show the same
 * bytes, so nobody notices but by the time it takes.
 */
export class UpgradingAccess implements ArenaAccess {
  #access: ArenaAccess;
  readonly #faster: () => Promise<ArenaAccess | undefined>;
  #reads = 0;
  #closed = false;

  /** @param faster never rejects; `undefined` where there is no faster way */
  constructor(first: ArenaAccess, faster: () => Promise<ArenaAccess | undefined>) {
    this.#access = first;
    this.#faster = faster;
  }

  get way(): string {
    return this.#access.way;
  }
  get size(): number {
    return this.#access.size;
  }
  get lockedCacheAt(): number | undefined {
    return this.#access.lockedCacheAt;
  }
  get wholeWords(): boolean {
    return this.#access.wholeWords;
  }

  read(offset: number, target: Uint8Array, signal?: AbortSignal): void | Promise<void> {
    if (++this.#reads === READS_FIRST) void this.#upgrade();
    return this.#access.read(offset, target, signal);
  }

  write(offset: number, data: Uint8Array, signal?: AbortSignal): void | Promise<void> {
    return this.#access.write(offset, data, signal);
  }

  alive(): boolean | Promise<boolean> {
    return this.#access.alive();
  }

  ending(): ArenaEnding | undefined {
    return this.#access.ending?.();
  }

  close(): void | Promise<void> {
    this.#closed = true;
    return this.#access.close();
  }

  /** Between two calls of ours: the first way is one that needs no waiting, so none of its calls is under way. */
  async #upgrade(): Promise<void> {
    const faster = await this.#faster();
    if (!faster) return;
    if (this.#closed) {
      await faster.close();
      return;
    }
    const before = this.#access;
    this.#access = faster;
    await before.close();
  }
}
