import type { ArenaAccess, ArenaEnding } from '../access/arena-access.js';
import type { DolphinArena, DolphinSighting, DolphinSource, Sightings } from '../access/dolphin-source.js';
import { IDENTITY_SIZE } from '../game-facts.js';
import { type LowMemoryFacts, lowMemoryBytes } from './low-memory-bytes.js';

const SIZES = { GC: 0x0404_0000, Wii: 0x0604_0000 } as const;

/** A running game in our own memory, without any process. */
export class FakeArena implements DolphinArena {
  readonly kind = 'arena';
  readonly process = 'dolphin-emu';
  readonly pid: number;
  readonly key: string;
  readonly memory: Uint8Array;
  /** Not at all alive any more once it says how it ended. */
  ended: ArenaEnding | undefined;
  /** Called before each read with its offset: the game may do something. */
  onRead: (offset: number) => void = () => {};
  /** What was written, in order. */
  readonly writes: { readonly offset: number; readonly data: Uint8Array }[] = [];
  opened = 0;
  /** What was read, in order, looks at who is there left out. */
  readonly reads: { readonly offset: number; readonly size: number }[] = [];
  wholeWords = true;
  claims = 0;
  claimed: Error | undefined;
  audioRam: Uint8Array | undefined;

  constructor(
    pid: number,
    facts: LowMemoryFacts | undefined,
    system: 'GC' | 'Wii' = facts?.system ?? 'GC',
    size: number = SIZES[system],
  ) {
    this.pid = pid;
    this.key = `1:${pid}`;
    this.memory = new Uint8Array(size);
    if (facts) this.memory.set(lowMemoryBytes(facts).subarray(0, size));
  }

  open(): ArenaAccess {
    return this.#access(this.memory, 'fake');
  }

  openAudioRam(): ArenaAccess | undefined {
    return this.audioRam && this.#access(this.audioRam, 'fake audio RAM');
  }

  async claimWriting(): Promise<() => void> {
    if (this.claimed) throw this.claimed;
    this.claims++;
    return () => {
      this.claims--;
    };
  }

  #access(memory: Uint8Array, way: string): ArenaAccess {
    this.opened++;
    let open = true;
    return {
      way,
      size: memory.length,
      wholeWords: this.wholeWords,
      read: (offset, target) => {
        this.onRead(offset);
        const isIdentity = offset === 0 && target.length === IDENTITY_SIZE;
        if (!isIdentity) this.reads.push({ offset, size: target.length });
        target.set(memory.subarray(offset, offset + target.length));
      },
      write: (offset, data) => {
        this.writes.push({ offset, data: Uint8Array.from(data) });
        memory.set(data, offset);
      },
      alive: () => this.ended === undefined,
      ending: () => this.ended,
      close: () => {
        if (open) this.opened--;
        open = false;
      },
    };
  }
}

/** A machine on which exactly these are seen. */
export const sourceOf = (...found: readonly DolphinSighting[]): DolphinSource & { found: DolphinSighting[] } => ({
  found: [...found],
  async find({ pid }): Promise<Sightings> {
    return { found: this.found.filter((each) => pid === undefined || each.pid === pid) };
  },
});
