import { systemClock } from '@causeway/bridge';
import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess } from '../access/arena-access.js';
import { askConsoleShape, type ConsoleShape, guestAddress } from './console-shape.js';
import { readGuest, writeGuest } from './gdb-memory.js';
import { GdbSession, type GdbSessionOptions } from './gdb-session.js';

/** From connecting to knowing the console, in milliseconds. Takes 1.1 s where all is well. */
const OPEN_MS = 15_000;

const tooLate = (): CausewayError =>
  new CausewayError(
    'device_timeout',
    `Dolphin’s debugger connection did not let the game run in ${OPEN_MS / 1000} s.`,
    {
      fix: 'End this Dolphin and start the game again.',
    },
  );

/**
 * Dolphin's own debugger connection as a way to memory, on every system. The game begins halted and is let go by this.
 *
 * Each read and each write of up to 4,900 bytes happens between two instructions of the game, so neither sees the other half done.
 * No liveness has to be watched: the connection ends with the game.
 */
class GdbAccess implements ArenaAccess {
  readonly way = 'gdb';
  readonly wholeWords = true;
  readonly size: number;
  readonly lockedCacheAt: number;
  readonly #session: GdbSession;
  readonly #shape: ConsoleShape;

  constructor(session: GdbSession, shape: ConsoleShape) {
    this.#session = session;
    this.#shape = shape;
    this.size = shape.arenaSize;
    this.lockedCacheAt = shape.lockedCacheAt;
  }

  async read(offset: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    // An answer may come after its caller left; `target` is then the caller's again.
    const bytes = new Uint8Array(target.length);
    await readGuest(this.#session, guestAddress(this.#shape, offset, target.length), bytes, signal);
    target.set(bytes);
  }

  write(offset: number, data: Uint8Array, signal?: AbortSignal): Promise<void> {
    return writeGuest(this.#session, guestAddress(this.#shape, offset, data.length), data, signal);
  }

  alive(): boolean {
    return this.#session.alive;
  }

  close(): void {
    this.#session.close();
  }
}

/**
 * Connects, waits for the halted beginning, lets the game run and finds out which console it is.
 *
 * Dolphin takes one such connection, once: after it was closed the game runs on and can only be reached by other ways.
 * Rejects with `device_refused`, `device_lost`, `device_timeout`, `protocol_…` or `signal.reason`; nothing stays open then.
 */
export const openGdbAccess = async (options: GdbSessionOptions, signal?: AbortSignal): Promise<ArenaAccess> => {
  const { clock = systemClock } = options;
  const late = new AbortController();
  const cancel = clock.after(OPEN_MS, () => late.abort(tooLate()));
  const limit = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  const session = new GdbSession(options);
  try {
    await session.start(limit);
    return new GdbAccess(session, await askConsoleShape(session, limit));
  } catch (error) {
    session.close();
    throw error;
  } finally {
    cancel();
  }
};
