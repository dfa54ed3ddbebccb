/** How a game ended: another one began in the same Dolphin, the game was stopped and Dolphin is open, Dolphin itself is gone. */
export type ArenaEnding = 'restarted' | 'stopped' | 'closed';

/**
 * One way to the bytes of one running game. Each way is a file (or folder) of its own and nothing above it knows which one it is.
 *
 * Offsets count in Dolphin's own arena: MEM1 first, then the locked cache, then MEM2 or the fake VMEM (`arena-layout.ts`). A way
 * that has no such object of its own (a debugger, several foreign mappings) presents the bytes as if they lay there.
 *
 * Callers stay inside `size`, make one call at a time and make none after `close`. Ways that need no waiting return nothing
 * rather than a promise: a poll then costs microseconds.
 */
export interface ArenaAccess {
  /** For people and logs: `descriptor`, `view`, `section`, `gdb`, … */
  readonly way: string;
  /** Bytes of the arena. */
  readonly size: number;
  /**
   * Where the locked cache begins, which is MEM1's size rounded up, where this way can tell. Without it the layout is decided by
   * trying, see `decideLayout`.
   */
  readonly lockedCacheAt?: number | undefined;
  /**
   * Whether an aligned word of four bytes goes over in one piece when it is read or written in one call. Otherwise, rarely, the game
   * or we see half of it.
   */
  readonly wholeWords: boolean;
  /**
   * Fills all of `target`. Throws or rejects with `device_lost` when that cannot be done any more, and with `signal.reason`.
   * The signal is for ways that wait.
   */
  read(offset: number, target: Uint8Array, signal?: AbortSignal): void | Promise<void>;
  /** Writes all of `data`, which the caller does not change meanwhile. Throws as {@link read} does. */
  write(offset: number, data: Uint8Array, signal?: AbortSignal): void | Promise<void>;
  /**
   * Whether the game these bytes belong to is still there. Asked before every poll and every batch of writes, because some ways
   * go on answering with the last state of a game that was stopped. Never throws.
   */
  alive(): boolean | Promise<boolean>;
  /** Why it is not alive any more, where the way can tell. Never throws. */
  ending?(): ArenaEnding | undefined;
  /** Frees everything. Calling it twice is fine. */
  close(): void | Promise<void>;
}
