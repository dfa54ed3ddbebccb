import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess } from '../access/arena-access.js';
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

/** Audio RAM through `/proc/PID/mem`, which asks for more rights than everything else here. */
export class AudioRamAccess implements ArenaAccess {
  readonly way = 'process memory';
  readonly size = AUDIO_RAM_SIZE;
  readonly wholeWords = false;
  readonly alive: () => boolean;
  readonly #start: number;
  #fd: number | undefined;

  /** Throws `device_forbidden` when this system does not let us attach to Dolphin. */
  constructor({ pid }: ArenaObject, start: number, alive: () => boolean) {
    this.alive = alive;
    this.#start = start;
    this.#fd = openMemory(pid);
  }

  read(offset: number, target: Uint8Array): void {
    this.#carry(target.length, (fd, done) =>
      readSync(fd, target, done, target.length - done, this.#start + offset + done),
    );
  }

  write(offset: number, data: Uint8Array): void {
    this.#carry(data.length, (fd, done) => writeSync(fd, data, done, data.length - done, this.#start + offset + done));
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #carry(size: number, some: (fd: number, done: number) => number): void {
    for (let done = 0; done < size; ) {
      if (this.#fd === undefined) throw lost();
      let moved: number;
      try {
        moved = some(this.#fd, done);
      } catch (cause) {
        throw lost(cause);
      }
      if (moved === 0) throw lost();
      done += moved;
    }
  }
}

const openMemory = (pid: number): number => {
  try {
    return openSync(`/proc/${pid}/mem`, 'r+');
  } catch (cause) {
    throw new CausewayError('device_forbidden', 'Reading audio RAM needs ptrace permission.', {
      fix: 'Everything but audio RAM works without. Where it is needed, start Dolphin from here.',
      cause,
    });
  }
};

const lost = (cause?: unknown): CausewayError =>
  new CausewayError('device_lost', 'The game’s audio RAM is gone.', {
    fix: 'Start the game in Dolphin again.',
    ...(cause === undefined ? {} : { cause }),
  });
