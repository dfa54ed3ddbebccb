/**
 * A game module: what makes one game playable, and nothing else.
 *
 * Modules are pure. They get what was read and what the server said, and return what they want done. They do no I/O,
 * keep no hidden state and ask no clock: the session reads, writes, sends and waits for them. That is why a session can
 * be recorded, replayed and tested without an emulator.
 */
import type { GuardStep, Region, RomIdentity, System, WriteStep } from '../device/contract.js';
import type { Death, StorageOperation } from '../multiworld/contract.js';
import type { Json, ReceivedItem, Room } from '../multiworld/room.js';

/** Bytes by the names the module gave its regions. */
export type Snapshot = Readonly<Record<string, Uint8Array>>;

export type Guard = Omit<GuardStep, 'kind'>;
export type Write = Omit<WriteStep, 'kind'>;

/** What to read this tick. All of it arrives together; nothing arrives when a guard does not hold. */
export interface ReadPlan {
  readonly regions: Readonly<Record<string, Region>>;
  /** Conditions that make the reads trustworthy, for instance that a pointer still has the value it had last tick. */
  readonly guards?: readonly Guard[];
}

/** How a ROM wants to play. */
export interface GameIdentity {
  /** Words for people: `Emberwalk for Ana`. */
  readonly title: string;
  /** Name for the server's Connect: the slot name, or the base64 ROM name some games use. Absent: the person is asked. */
  readonly slotName?: string;
  /** Seed the ROM was made for, where it says so; another room is then refused. */
  readonly seed?: string;
  /** Bits: 1 items from others, 2 from the own world, 4 start inventory. */
  readonly itemsHandling: number;
  readonly tags?: readonly string[];
}

export type Identification =
  | { readonly match: 'yes'; readonly identity: GameIdentity }
  /** Nearly ours: the right game, but unpatched, or made by another version. Said to the person. */
  | { readonly match: 'near'; readonly reason: string; readonly fix: string }
  | { readonly match: 'no' };

/**
 * What became of a write effect of an earlier step.
 *
 * - `applied`: carried out in the batch whose reads are in this frame's snapshot, after them: the snapshot is older.
 * - `refused`: one of its guards did not hold; nothing was written.
 * - `skipped`: not attempted, because another effect or the plan's guards stopped the batch before it, or the link was lost.
 * - `unknown`: it may or may not have been carried out. Memory tells.
 */
export interface WriteOutcome {
  readonly label: string;
  readonly outcome: 'applied' | 'refused' | 'skipped' | 'unknown';
}

/** One look at the game. */
export interface Frame {
  readonly snapshot: Snapshot;
  /** Milliseconds since the Unix epoch at which the reads were answered. */
  readonly time: number;
  /** The emulator's frame counter, where the device can tell. */
  readonly frame?: number;
  /** Outcomes of this module's write effects since the previous step. */
  readonly outcomes: readonly WriteOutcome[];
  /** Deaths of others since the previous step (only with the DeathLink tag). */
  readonly deaths: readonly Death[];
  /**
   * What scouts have found out since the previous step: `location` is the place, `player` the slot the item is for, `item` its
   * id in that slot's game. Answers of several scouts follow each other; one that failed is asked for again by the module.
   */
  readonly scouted?: readonly ReceivedItem[];
}

/** What a module wants done. Data only; the session carries it out. */
export type Effect =
  /**
   * Locations seen as checked. Report at every step all that memory shows; the session removes what the server already has,
   * and holds what the player can hardly have done. A game that shows a check only once must be kept showing it until
   * `room.checked` has it.
   */
  | { readonly kind: 'check'; readonly locations: readonly number[] }
  | { readonly kind: 'goal' }
  /**
   * A guarded write. Guards and writes run in order, in one batch where the device can: the next one, after its reads.
   * Of several in one step a refused one keeps the later ones from being tried; it then stands last the next time.
   * `delivers` names the received-item index this write hands over; its guards must then contain the game's counter.
   */
  | {
      readonly kind: 'write';
      /** Returned in {@link Frame.outcomes}. */
      readonly label: string;
      readonly guards: readonly Guard[];
      readonly writes: readonly Write[];
      readonly delivers?: number;
    }
  | { readonly kind: 'death'; readonly cause?: string }
  | { readonly kind: 'tag'; readonly name: string; readonly on: boolean }
  | {
      readonly kind: 'store';
      readonly key: string;
      readonly operations: readonly StorageOperation[];
      readonly default?: Json;
    }
  | { readonly kind: 'scout'; readonly locations: readonly number[]; readonly hint?: 0 | 1 | 2 }
  | { readonly kind: 'say'; readonly text: string }
  /** Text for the game's own screen, where the device can show it. */
  | { readonly kind: 'message'; readonly text: string };

/** What a save says about itself, where the game or its patch writes such things into it. */
export interface SaveMark {
  /** Seed it was begun in. Another one than the room's: nothing is sent from it and nothing written to it. */
  readonly seed?: string;
  /** Name of the slot it was begun as; as with the seed. */
  readonly slotName?: string;
  /** Tells this save from others of the same game: when it changes, another save was loaded. */
  readonly id?: string;
}

export interface StepResult<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
  /** Whether a loaded save is being played right now: the gate for checks. */
  readonly playing: boolean;
  /** How many entries of the received-item list the game says it has taken; absent while it cannot be read. */
  readonly received?: number;
  /** The mark of the save being played; absent where there is none or while it cannot be read. */
  readonly save?: SaveMark;
  /**
   * The game's own count of frames, where it keeps one that runs whenever the game runs. On devices without a frame counter
   * it tells a paused game from a running one, and play in fast-forward from a flood of checks.
   */
  readonly frame?: number;
}

/**
 * A game. `State` is the module's own memory between ticks: plain JSON, never needed for correctness after a restart.
 *
 * Session order: `identify` once per ROM; `start` after each login and each change of ROM; then `plan` and `step` per tick.
 */
export interface GameModule<State = unknown> {
  /** Stable id in kebab-case. */
  readonly id: string;
  /** The game's exact name in Archipelago. */
  readonly game: string;
  readonly systems: readonly System[];
  /**
   * What to read to recognise the ROM. A region outside the device's domains means: not this game.
   * These bytes are compared in every batch while the game is played, so choose bytes that stay.
   */
  readonly probe: Readonly<Record<string, Region>>;
  identify(probe: Snapshot, rom: RomIdentity): Identification;
  start(identity: GameIdentity, room: Room): State;
  plan(state: State, room: Room): ReadPlan;
  /**
   * The state to go on with when one of the plan's guards did not hold, so that the next plan can differ.
   * Without it the module starts anew.
   */
  guardFailed?(state: State, room: Room): State;
  step(frame: Frame, room: Room, state: State): StepResult<State>;
}
