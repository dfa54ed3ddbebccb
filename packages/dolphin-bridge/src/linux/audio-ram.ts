import { closeSync, openSync, readSync } from 'node:fs';
import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess } from '../access/arena-access.js';
import { memoryGone } from '../access/memory-gone.js';
import { type ArenaObject, mappingsOf } from './arena-objects.js';
import type { ProcTree } from './proc-tree.js';

export const AUDIO_RAM_SIZE = 0x100_0000;

/**
 * Where Dolphin keeps the GameCube's audio RAM: outside the arena, in private memory of exactly that size. `undefined` unless there is
 * exactly one such place: with two, one of them would be a guess (docs/specs/dolphin.md, section 1.2).
 */
export const findAudioRam = (proc: ProcTree, pid: number): number | undefined => {
  const places = mappingsOf(proc, pid).filter(
    ({ length, permissions, inode }) => length === AUDIO_RAM_SIZE && permissions === 'rw-p' && inode === 0,
  );
  const [only, ...others] = places;
  return others.length === 0 ? only?.start : undefined;
};

/**
 * Audio RAM through `/proc/PID/mem`, which asks for more rights than everything else here.
 *
 * For reading only: it is known by its size and by nothing else, and a write to what only looks like it would go into Dolphin itself.
 */
export class AudioRamAccess implements ArenaAccess {
  readonly way = 'process memory';
  readonly size = AUDIO_RAM_SIZE;
  readonly wholeWords = false;
  readonly alive: () => boolean;
  readonly #start: number;
  #fd: number | undefined;

  /** Throws `device_forbidden` when this system does not let us attach to Dolphin, `device_lost` when the game is over. */
  constructor({ pid }: ArenaObject, start: number, alive: () => boolean) {
    this.alive = alive;
    this.#start = start;
    this.#fd = openMemory(pid);
    // The number of a process that has ended may be another's by now, and a place another thing's. From here on it is the one we asked.
    if (alive()) return;
    this.close();
    throw memoryGone();
  }

  read(offset: number, target: Uint8Array): void {
    for (let done = 0; done < target.length; ) {
      const got = this.#readSome(offset + done, target.subarray(done));
      if (got === 0) throw memoryGone();
      done += got;
    }
  }

  write(): never {
    throw new CausewayError('domain_read_only', 'Audio RAM can only be read.');
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #readSome(offset: number, target: Uint8Array): number {
    if (this.#fd === undefined) throw memoryGone();
    try {
      return readSync(this.#fd, target, 0, target.length, this.#start + offset);
    } catch (cause) {
      throw memoryGone(cause);
    }
  }
}

const openMemory = (pid: number): number => {
  try {
    return openSync(`/proc/${pid}/mem`, 'r');
  } catch (cause) {
    throw new CausewayError('device_forbidden', 'Reading audio RAM needs ptrace permission.', {
      fix: 'Everything but audio RAM works without. Where it is needed, start Dolphin by `launchDolphin`.',
      cause,
    });
  }
};
