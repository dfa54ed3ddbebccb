import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../clock.js';

/** Where a command writes. `isTTY` decides about colours, `columns` about line breaks in help. */
export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface InputStream extends Readable {
  readonly isTTY?: boolean;
}

/** Everything a command touches of the machine it runs on. Tests bring their own; programs take `processHost()`. */
export interface CommandHost {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As `process.platform`. */
  readonly platform: string;
  readonly homeDir: string;
  /** Directory that relative paths in arguments start from. */
  readonly cwd: string;
  readonly pid: number;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly clock: Clock;
  /** Calls back on every request to stop (Ctrl+C, SIGTERM, a closed terminal). The returned function unsubscribes. */
  onInterrupt(listener: () => void): () => void;
  /** Calls back on errors nobody caught. The returned function unsubscribes. */
  onFault(listener: (error: unknown) => void): () => void;
  /** Ends the process without further ado. */
  exitNow(code: number): void;
}
