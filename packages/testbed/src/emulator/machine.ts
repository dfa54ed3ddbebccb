import type { System } from '@causeway/bridge/device';

/** A stretch of a machine's memory under the name BizHawk gives it. */
export interface MemoryDomain {
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** `false`: writes are dropped without a word, as EmuHawk does. */
  readonly writable: boolean;
  /** One byte, without side effects. `offset` lies inside the domain. */
  peek(offset: number): number;
  /** Changes one byte. `offset` lies inside the domain; only called when `writable`. */
  poke(offset: number, value: number): void;
}

export interface RomFacts {
  /** The file's name without its extension. */
  readonly name: string;
  /** SHA-1 of the image, upper-case hexadecimal: what `gameinfo.getromhash` answers. Opaque. */
  readonly hash: string;
}

/** A picture as the machine drew it: RGBA, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

export const BUTTONS = ['A', 'B', 'Select', 'Start', 'Up', 'Down', 'Left', 'Right'] as const;
export type Button = (typeof BUTTONS)[number];

/** Addresses to stop at: a set of numbers, or the keys of a map. */
export type Stops = Pick<ReadonlySet<number>, 'has' | 'size'>;

/**
 * What the host drives: a console with memory, seen the way BizHawk's API shows one.
 *
 * Everything is synchronous and nothing here knows of time: a frame takes as long as it takes.
 */
export interface Machine {
  readonly system: System;
  /** The core's name for `client.getconfig().PreferredCores` and the board for `emu.getboardname`. */
  readonly core: string;
  readonly board: string;
  readonly rom: RomFacts;
  readonly domains: readonly MemoryDomain[];
  /** The domain that stands in for an unknown name until a script chooses another. */
  readonly currentDomain: string;
  /**
   * Runs to the end of the frame, or to the first instruction whose address is in `stops`; the next call goes on there.
   *
   * @returns the address stopped at, or `undefined` at the end of the frame
   */
  advance(stops?: Stops): number | undefined;
  /** Whether the program ran into an instruction that stops the CPU for good; frames go on without it. */
  readonly jammed: boolean;
  /** Presses the reset button: memory stays. */
  softReset(): void;
  /** Off and on again: only what a battery holds stays. */
  powerCycle(): void;
  saveState(): Uint8Array;
  /** @throws `file_unreadable` when the bytes are no save state of this machine */
  loadState(state: Uint8Array): void;
  setButton(controller: 1 | 2, button: Button, down: boolean): void;
  /** The last finished picture, where the machine has a screen. */
  picture(): Picture | undefined;
  /** What the cartridge's battery holds, where it has one. */
  batteryRam(): Uint8Array | undefined;
  /** Puts a battery's content back. Shorter or longer content is fitted to the size. */
  loadBatteryRam(content: Uint8Array): void;
  /** Registers of the CPU by name, where the machine has one. */
  registers(): ReadonlyMap<string, number>;
}
