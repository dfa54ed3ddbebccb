import type { Driver } from '@causeway/bridge/device';
import type { TestGame } from './test-game.js';

/** A console that a suite can do to what players do to theirs. */
export interface TestConsole extends AsyncDisposable {
  /** Opens it, the same after every {@link start}. `undefined`: wherever the driver finds it. */
  readonly uri: string | undefined;
  /** Remembers the state of the whole machine. */
  saveState(): Promise<void>;
  loadState(): Promise<void>;
  softReset(): Promise<void>;
  powerCycle(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the program as a crash does: nothing is written to disk any more. */
  kill(): Promise<void>;
  /** Ends the program as its window's close button does: battery RAM is written to disk. */
  quit(): Promise<void>;
  /** Starts it again after {@link kill} or {@link quit}. */
  start(): Promise<void>;
}

/** Starts a console with a game in it. */
export type ConsoleFactory = (image: Uint8Array) => Promise<TestConsole>;

/**
 * What becomes of the next request that carries a write, in the words of the fault matrix: lost before the emulator sees it, lost
 * with its answer, or, where nothing keeps requests in order, carried out long after the bridge gave it up, or once more.
 */
export type LinkFault = 'request lost' | 'answer lost' | 'request carried out late' | 'request carried out twice';
/** Those that any link can be made to have. */
export const LOSSES: readonly LinkFault[] = ['request lost', 'answer lost'];

/** Stands between bridge and emulator and breaks the link at the worst moment. */
export interface TestLink extends AsyncDisposable {
  /** Opens the console through this link. */
  readonly uri: string;
  /** Cuts the link now. */
  cut(): void;
  /** Strikes around the next write; settles when all of it has happened. */
  arm(fault: LinkFault): Promise<void>;
}

/** Names of the scenes in `delivery-faults.ts`. */
export type SceneName =
  | 'soft reset'
  | 'power cycle'
  | 'emulator quit and started again'
  | 'emulator killed, battery RAM of the last flush'
  | 'paused'
  | 'link dropped'
  | 'server connection dropped'
  | 'server answers late'
  | 'emulator and server lost together'
  | 'save state loaded'
  | 'two emulators at once';

/** An emulator with one of our games, and the way to it. */
export interface TestSetup {
  /** As the fault matrix calls it. */
  readonly emulator: string;
  readonly game: TestGame;
  readonly createDriver: () => Driver;
  readonly start: ConsoleFactory;
  /** Puts something between bridge and console; absent where there is nothing one could cut. */
  readonly link?: (console: TestConsole) => Promise<TestLink>;
  /** What that can do to a write. Default: {@link LOSSES}. */
  readonly linkFaults?: readonly LinkFault[];
  /** Scenes that this emulator cannot play, each with the reason. */
  readonly cannot?: Readonly<Partial<Record<SceneName, string>>>;
}
