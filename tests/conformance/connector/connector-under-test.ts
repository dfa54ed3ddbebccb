/** A text the connector showed on the emulator's screen, and when. */
export interface ShownMessage {
  readonly text: string;
  readonly frame: number;
}

/**
 * An emulator with a connector script in it, on the machine that the recordings describe. Whoever can offer this can hold
 * a connector against {@link describeConnector}.
 */
export interface ConnectorUnderTest extends AsyncDisposable {
  /** Where the connector listens, on loopback. */
  readonly port: number;
  readonly messages: readonly ShownMessage[];
  /** Number of a frame that has run after this was called: while the connector holds the emulator, it waits. */
  frame(): Promise<number>;
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export type OpenConnector = () => Promise<ConnectorUnderTest>;
