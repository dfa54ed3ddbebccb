import type { HintStatus } from '@causeway/protocol/archipelago';
import type { PyValue } from '../python/values.js';

export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
}

/** What lies at a location. */
export interface Placement {
  readonly item: number;
  /** Slot that gets it; may be a group. */
  readonly receiver: number;
  /** Bits: 1 advancement, 2 useful, 4 trap. */
  readonly flags: number;
}

/** Identity is (`finder`, `location`). */
export interface Hint {
  readonly receiver: number;
  readonly finder: number;
  readonly location: number;
  readonly item: number;
  readonly flags: number;
  readonly entrance: string;
  found: boolean;
  status: HintStatus;
}

export interface RoomSlot {
  readonly slot: number;
  readonly name: string;
  readonly game: string;
  /** Bits: 1 player, 2 group, 0 spectator. */
  readonly type: number;
  /** Slots that share an item-link group; empty for players. */
  readonly members: readonly number[];
  /** In the order of the room file: the server's lists keep it. */
  readonly locations: ReadonlyMap<number, Placement>;
  readonly slotData: PyValue;
  readonly startItems: readonly number[];
  /** Lowest client version let in. */
  readonly minimumVersion: Version;
  /** Names of entrances for hints, by location. */
  readonly entrances: ReadonlyMap<number, string>;
  /** What reaching places takes, where the room file says so. The server does not ask. */
  readonly logic: SlotLogic;
}

/** Which items open what; an id twice means two of it. */
export interface SlotLogic {
  /** By location; one that is missing is open from the start. */
  readonly needs: ReadonlyMap<number, readonly number[]>;
  readonly goalNeeds: readonly number[];
}

/** One game's names. */
export interface RoomGame {
  readonly items: ReadonlyMap<string, number>;
  readonly locations: ReadonlyMap<string, number>;
  readonly itemGroups: ReadonlyMap<string, readonly string[]>;
  readonly locationGroups: ReadonlyMap<string, readonly string[]>;
  readonly checksum: string;
}

export type Mode = 'disabled' | 'enabled' | 'goal' | 'auto' | 'auto-enabled';

/** What a host may change while the room is open. */
export interface RoomOptions {
  /** Asked of everybody who logs in; `undefined` for an open room. */
  password: string | undefined;
  /** Opens `!admin`; `undefined` keeps it shut. */
  serverPassword: string | undefined;
  /** Percent of a slot's locations. */
  hintCost: number;
  locationCheckPoints: number;
  releaseMode: Mode;
  collectMode: Mode;
  remainingMode: Mode;
  countdownMode: Mode;
  itemCheat: boolean;
  /** 0 lets in only clients of exactly the server's version. */
  compatibility: number;
}

/** A generated room: everything that does not change while it is played. */
export interface RoomDefinition {
  readonly seed: string;
  readonly generatorVersion: Version;
  readonly tags: readonly string[];
  /** 1 for a race. */
  readonly raceMode: number;
  /** In order of slot number, groups included. */
  readonly slots: ReadonlyMap<number, RoomSlot>;
  /** Names that log in, ROM names included, to their slot. */
  readonly connectNames: ReadonlyMap<string, number>;
  readonly games: ReadonlyMap<string, RoomGame>;
  readonly startHints: readonly Hint[];
  readonly options: Readonly<RoomOptions>;
}

export const NO_LOGIC: SlotLogic = { needs: new Map(), goalNeeds: [] };

export const DEFAULT_OPTIONS: Readonly<RoomOptions> = {
  password: undefined,
  serverPassword: undefined,
  hintCost: 10,
  locationCheckPoints: 1,
  releaseMode: 'auto',
  collectMode: 'auto',
  remainingMode: 'goal',
  countdownMode: 'auto',
  itemCheat: true,
  compatibility: 2,
};
