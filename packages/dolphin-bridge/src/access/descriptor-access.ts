import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess, ArenaEnding } from './arena-access.js';
import { memoryGone } from './memory-gone.js';

/** An object that can be opened like a file, and what is known of it. */
export interface OpenableArena {
  /** `/proc/PID/fd/N`. */
  readonly path: string;
  readonly size: number;
  readonly lockedCacheAt?: number | undefined;
  /** Whether the game's process still holds that very object. */
  readonly alive: () => boolean;
  /** Why it does not, once it does not. */
  readonly ending: () => ArenaEnding;
}

/**
 * Dolphin's shared memory object through the descriptor that Dolphin itself keeps open. Needs the same user and nothing else, at
 * every `ptrace_scope` (docs/specs/dolphin.md, sections 3.1 and 4.1).
 */
export class DescriptorAccess implements ArenaAccess {
  readonly way = 'descriptor';
  readonly size: number;
  /** The kernel copies: a word was seen half written, 9 times in 1.6 billion (section 4.5). Nothing promises better of reading. */
  readonly wholeWords = false;
  readonly alive: () => boolean;
  readonly ending: () => ArenaEnding;
  readonly #arena: OpenableArena;
  #fd: number | undefined;

  /** Throws `device_forbidden` or `device_lost`. */
  constructor(arena: OpenableArena) {
    const { size, alive, ending } = arena;
    this.#arena = arena;
    this.size = size;
    this.alive = alive;
    this.ending = ending;
    this.#fd = openObject(arena);
  }

  get lockedCacheAt(): number | undefined {
    return this.#arena.lockedCacheAt;
  }

  read(offset: number, target: Uint8Array): void {
    const fd = this.#open();
    for (let done = 0; done < target.length; ) {
      const got = this.#try(() => readSync(fd, target, done, target.length - done, offset + done));
      if (got === 0) throw memoryGone();
      done += got;
    }
  }

  write(offset: number, data: Uint8Array): void {
    const fd = this.#open();
    for (let done = 0; done < data.length; ) {
      const put = this.#try(() => writeSync(fd, data, done, data.length - done, offset + done));
      if (put === 0) throw memoryGone();
      done += put;
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #open(): number {
    if (this.#fd === undefined) throw memoryGone();
    return this.#fd;
  }

  #try(call: () => number): number {
    try {
      return call();
    } catch (cause) {
      throw memoryGone(cause);
    }
  }
}

/** Opens an object of another process for reading and writing. Throws `device_forbidden` or `device_lost`. */
export const openObject = ({ path, alive }: OpenableArena): number => {
  const fd = openPath(path);
  // The path leads to whatever is there now: it was the object that was found if it still is.
  if (alive()) return fd;
  closeSync(fd);
  throw memoryGone();
};

const openPath = (path: string): number => {
  try {
    return openSync(path, 'r+');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') throw memoryGone(cause);
    throw new CausewayError('device_forbidden', 'Dolphin’s memory file belongs to another user.', {
      fix: 'Start Dolphin and this program as the same user.',
      cause,
    });
  }
};
