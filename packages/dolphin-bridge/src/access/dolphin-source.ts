import type { ArenaAccess } from './arena-access.js';

interface SightingFacts {
  readonly pid: number;
  /** Name of the process, as its system shows it. */
  readonly process: string;
}

/** Dolphin is open, no game runs in it. */
export interface IdleDolphin extends SightingFacts {
  readonly kind: 'idle';
}

/** Something in the way that only the player can remove. */
export interface ForbiddenDolphin extends SightingFacts {
  readonly kind: 'forbidden';
  /** What is wrong, one sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/** A Dolphin that holds the memory of a game; the game may still be starting. */
export interface DolphinArena extends SightingFacts {
  readonly kind: 'arena';
  /** Tells apart what ran in one process one after the other, where the system can: `dev:inode`. */
  readonly key: string;
  /** Opens it again, where its pid does not do that. */
  readonly uri?: string;
  /** User folder given on its command line, for telling several apart. */
  readonly userFolder?: string;
  /** Name of the disc image it has open, without folder and extension, for people. */
  readonly image?: string;
  /** Opens it. Throws or rejects with a coded error: `device_lost` (stopped meanwhile), `device_forbidden`. */
  open(signal?: AbortSignal): ArenaAccess | Promise<ArenaAccess>;
  /**
   * Makes us the one bridge that writes there, until the returned function is called; two would undo each other's work. Rejects with
   * `device_busy` when another one is.
   */
  claimWriting?(): Promise<() => void>;
  /**
   * The GameCube's audio RAM, which lies outside the arena; `undefined` where it cannot be told from other memory. Throws or rejects
   * with `device_forbidden` where this system does not let us at it.
   */
  openAudioRam?(signal?: AbortSignal): ArenaAccess | undefined | Promise<ArenaAccess | undefined>;
}

export type DolphinSighting = IdleDolphin | ForbiddenDolphin | DolphinArena;

export interface Sightings {
  readonly found: readonly DolphinSighting[];
  /** Why there may be a Dolphin that is not among them, where there is reason to think so: a sandbox, a name that is asked for. */
  readonly blind?: { readonly message: string; readonly fix: string };
}

/** What finds Dolphins on one operating system. Looking disturbs none of them. */
export interface DolphinSource {
  /** Every Dolphin of this user; with `pid`, that process only, and cheaply. Rejects with `signal.reason` only. */
  find(options: { readonly pid?: number | undefined; readonly signal?: AbortSignal | undefined }): Promise<Sightings>;
}
