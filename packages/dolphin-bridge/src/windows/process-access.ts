import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess } from '../access/arena-access.js';
import type { ForeignArena } from './find-parts.js';
import type { Handle, WindowsApi } from './windows-api.js';

/** Enough of low memory to know that it is still a game's: the boot code. */
const BOOT_CODE_AT = 0x20;

/**
 * Dolphin's memory by reading and writing its process, for builds that do not name it. Each call copies, so a word may be seen half
 * written.
 */
export class ProcessAccess implements ArenaAccess {
  readonly way = 'process';
  readonly wholeWords = false;
  readonly size: number;
  readonly lockedCacheAt: number;
  readonly #api: WindowsApi;
  readonly #arena: ForeignArena;
  #process: Handle | undefined;

  /** @param process opened for reading and writing; closed by this */
  constructor(api: WindowsApi, process: Handle, arena: ForeignArena) {
    this.#api = api;
    this.#process = process;
    this.#arena = arena;
    this.size = arena.size;
    this.lockedCacheAt = arena.lockedCacheAt;
  }

  read(offset: number, target: Uint8Array): void {
    const { process, base } = this.#locate(offset, target.length);
    if (!this.#api.readProcess(process, base, target)) throw this.#gone();
  }

  write(offset: number, data: Uint8Array): void {
    const { process, base } = this.#locate(offset, data.length);
    if (!this.#api.writeProcess(process, base, data)) throw this.#gone();
  }

  /** After the game nothing is mapped there any more, or something else is. */
  alive(): boolean {
    const [mem1] = this.#arena.parts;
    const code = new Uint8Array(4);
    if (!this.#process || !mem1) return false;
    if (!this.#api.readProcess(this.#process, mem1.base + BigInt(BOOT_CODE_AT), code)) return false;
    return code.some((byte) => byte !== 0);
  }

  close(): void {
    if (this.#process !== undefined) this.#api.close(this.#process);
    this.#process = undefined;
  }

  #locate(offset: number, size: number): { readonly process: Handle; readonly base: bigint } {
    if (this.#process === undefined) throw this.#gone();
    const part = this.#arena.parts.find(({ at, size: length }) => offset >= at && offset + size <= at + length);
    if (part) return { process: this.#process, base: part.base + BigInt(offset - part.at) };
    throw new CausewayError('address_unmapped', `Nothing of Dolphin’s memory is known at arena offset ${offset}.`);
  }

  #gone(): CausewayError {
    return new CausewayError('device_lost', 'The game’s memory is gone.', { fix: 'Start the game in Dolphin again.' });
  }
}
