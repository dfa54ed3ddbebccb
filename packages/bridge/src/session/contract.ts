import type { Clock } from '../clock.js';
import type { Device, OpenOptions } from '../device/contract.js';
import type { GameIdentity, GameModule } from '../game/contract.js';
import type { Logger } from '../logger.js';
import type { Multiworld, MultiworldEvent } from '../multiworld/contract.js';
import type { SessionEvent } from './events.js';
import type { FloodLimits } from './flood-limits.js';

/** What a session needs to know to log in; the command or launcher turns it into a {@link Multiworld}. */
export interface LoginRequest {
  readonly identity: GameIdentity;
  readonly game: string;
  /** Must be called in order, for every event, until the multiworld is closed. */
  readonly onEvent: (event: MultiworldEvent) => void;
}

export interface SessionOptions {
  /** Opens the console; called again, with back-off, each time one was lost. Bound to the player's choice of device. */
  readonly openDevice: (options: OpenOptions) => Promise<Device>;
  /** Joins the room; called once per game identity. */
  readonly openMultiworld: (login: LoginRequest) => Multiworld;
  readonly modules: readonly GameModule[];
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Least time between two polls on a device that is not paced by frames, and the floor in fast-forward. Milliseconds, default 16 and 4. */
  readonly pollMs?: number;
  /** Reads and reports, but sends no check and writes no memory. */
  readonly observe?: boolean;
  /** Never holds checks: sends whatever the game shows, whatever save it is. */
  readonly releaseHeld?: boolean;
  /** From when on checks are held; what is left out is as usual. */
  readonly floodLimits?: Partial<FloodLimits>;
}

/** Device, multiworld and game, joined for as long as the player wants. */
export interface Session extends AsyncDisposable {
  /** Everything that happens, in order, from the start. One consumer; the loop ends when the session does. */
  events(): AsyncIterable<SessionEvent>;
  /** Chat or `!command` to the room; `false` while not joined. */
  say(text: string): boolean;
  /**
   * Sends what the event `checks.held` told of, goal included, and believes this save from now on.
   * Returns how many checks that were, the goal counted as one; 0 when nothing is held.
   */
  releaseHeld(): number;
  /**
   * Forgets what is held: it is not sent unless the game stops showing it and shows it again, or another save is loaded.
   * Returns how many that were, as above.
   */
  dropHeld(): number;
  /** Shows text on the game's own screen; `false` where no device can, and when too much waits to be shown. */
  show(text: string): boolean;
  /**
   * Settles when the session ended: resolves after `stop`, rejects with the error that made going on pointless.
   *
   * Lost devices, lost servers and changed ROMs never end a session. These do: a game module or a driver that fails
   * (`game_module_failed`, `unexpected`), what `openMultiworld` throws, and, as long as nothing has ever been played: a device
   * that is ambiguous or incompatible, a ROM that no module knows for two seconds, a refused login, a foreign seed.
   */
  readonly done: Promise<void>;
  /** Ends in order: last checks flushed, device and server closed. Twice is fine. */
  stop(): Promise<void>;
}
