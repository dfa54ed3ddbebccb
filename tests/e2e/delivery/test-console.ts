/** A console that a suite can do to what players do to theirs. */
export interface TestConsole extends AsyncDisposable {
  /** Where its connector listens; the same after every {@link start}. */
  readonly port: number;
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
export type ConsoleFactory = (rom: Uint8Array) => Promise<TestConsole>;
