import type { MessageCategory, TextPart } from '@causeway/protocol/archipelago';
import type { CausewayError } from '@causeway/protocol/errors';
import type { HintChange, RoomHint } from './hint-list.js';
import type { Json, ReceivedItem, Room, RoomNames, RoomPlayer } from './room.js';
import type { RoomDetails } from './room-state.js';

/** Operation on a data-storage key, in the words of the server: `add`, `max`, `replace`, … */
export interface StorageOperation {
  readonly operation: string;
  readonly value: Json;
}

export interface Death {
  /** Seconds since the Unix epoch, with fraction: the identity of this death. */
  readonly time: number;
  /** Name of the player who died. */
  readonly source: string;
  readonly cause?: string;
}

/** A trap that sprang on another player. */
export interface Trap {
  /** Seconds since the Unix epoch, with fraction: the identity of this trap. */
  readonly time: number;
  /** Name of the player it sprang on first. */
  readonly source: string;
  /** English name, as its game calls it. Games take those they know for traps of their own. */
  readonly name: string;
}

/** Rings another player won or lost. */
export interface Rings {
  /** Seconds since the Unix epoch. */
  readonly time: number;
  /** Tells one client from another; nothing to show. */
  readonly source: number | string;
  /** Above 0 won, below lost; never 0. */
  readonly amount: number;
}

/** Everything the multiworld side tells its owner, in order. */
export type MultiworldEvent =
  | { readonly kind: 'joined'; readonly room: Room; readonly rejoined: boolean }
  | { readonly kind: 'lost'; readonly error: CausewayError; readonly retryInMs: number }
  | { readonly kind: 'refused'; readonly reasons: readonly string[]; readonly error: CausewayError }
  /** The list of received items changed: `items` are the new entries; `replaced` when the whole list was sent anew and differs. */
  | { readonly kind: 'items'; readonly items: readonly ReceivedItem[]; readonly replaced: boolean }
  /** Locations the server has just acknowledged or reported as checked. */
  | { readonly kind: 'checked'; readonly locations: readonly number[] }
  | { readonly kind: 'death'; readonly death: Death }
  /** Only with the tag `TrapLink`. */
  | { readonly kind: 'trap'; readonly trap: Trap }
  /** Only with the tag `RingLink`. */
  | { readonly kind: 'rings'; readonly rings: Rings }
  /** Hints that concern this slot. `first`: they were there before we came. Only when hints were asked for. */
  | {
      readonly kind: 'hints';
      readonly hints: readonly RoomHint[];
      readonly changes: readonly HintChange[];
      readonly first: boolean;
    }
  /** Somebody took another alias, or the room says anew who is in it. */
  | { readonly kind: 'players'; readonly players: readonly RoomPlayer[] }
  /** Hint points, costs, permissions or the race changed after login. */
  | { readonly kind: 'details'; readonly details: RoomDetails }
  /** The page of the room says that it runs elsewhere now; the next attempt goes there. `address` is `HOST:PORT`. */
  | { readonly kind: 'moved'; readonly address: string }
  /** Text for people, control characters removed. `category` is the server's PrintJSON type. */
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly category: string;
      /** What it is about, from where this slot stands. */
      readonly topic?: MessageCategory;
      /** The same text in pieces, with the colours players know. */
      readonly parts?: readonly TextPart[];
    }
  | { readonly kind: 'bounced'; readonly data: Readonly<Record<string, Json>> }
  | { readonly kind: 'problem'; readonly error: CausewayError };

/** `waiting`: for the next attempt. `left`: for the owner, who wanted out for a while. */
export type MultiworldStatus = 'connecting' | 'joined' | 'waiting' | 'left' | 'refused' | 'closed';

/**
 * One slot of one room, for as long as the player wants it: logs in, stays logged in, and keeps what must not be lost.
 *
 * Nothing here throws when the server is away: checks, goal and texts that matter are kept until the server has them.
 */
export interface Multiworld extends AsyncDisposable {
  readonly status: MultiworldStatus;
  /** `undefined` until the first login; kept through lost connections. */
  readonly room: Room | undefined;
  readonly names: RoomNames;
  /** Reports locations. Ids outside the slot are dropped; the others are sent until the server acknowledges them. */
  check(locations: Iterable<number>): void;
  /** Reports the goal, now and after every later login of this run. */
  goal(): void;
  /** Says whether the game is being played (ClientStatus 20) or only connected. */
  playing(on: boolean): void;
  /** Chat or a `!command`. Dropped, with `false`, while not joined. */
  say(text: string): boolean;
  death(death: Omit<Death, 'time'>): void;
  /** Adds or removes a tag such as `DeathLink`, now and for later logins. */
  tag(name: string, on: boolean): void;
  scout(
    locations: readonly number[],
    options?: { readonly hint?: 0 | 1 | 2; readonly signal?: AbortSignal; readonly timeoutMs?: number },
  ): Promise<readonly ReceivedItem[]>;
  /** Fire and forget; the key's new value is not reported. */
  store(key: string, operations: readonly StorageOperation[], defaultValue?: Json): void;
  /** Ends the login and the retries. Twice is fine. */
  close(): Promise<void>;
}
